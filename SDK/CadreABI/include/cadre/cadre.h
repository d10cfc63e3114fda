/* cadre/cadre.h: the whole ABI. Start reading at base.h, then agent.h. */
#ifndef CADRE_CADRE_H
#define CADRE_CADRE_H

#include "agent.h"
#include "arrow.h"
#include "base.h"
#include "bid.h"
#include "boot.h"
#include "dlpack.h"
#include "error.h"
#include "host.h"
#include "job.h"
#include "offer.h"
#include "types.h"
#include "value.h"

#include "ext/board.h"
#include "ext/data.h"
#include "ext/delegate.h"
#include "ext/explain.h"
#include "ext/feedback.h"
#include "ext/gang.h"
#include "ext/model.h"
#include "ext/ops.h"
#include "ext/pool.h"
#include "ext/state.h"
#include "ext/store.h"
#include "ext/tape.h"
#include "ext/train.h"

#include "generated/ends.h"

#endif
