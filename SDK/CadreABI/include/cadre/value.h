/* cadre/value.h: a value on a port. One struct for all kinds; `kind` says which fields mean something.
 *
 * As input (filled by the host): everything is borrowed until the job ended, or, for a bound port, until
 * the assignment was released. The stream in `table` is fresh, the agent may consume it and may call
 * its `release`; the host releases what the agent left.
 * As output (filled by the agent): `text` is copied at once; `managed`, `table` and `model` are given, the
 * host takes them also when the call fails. The stream is moved out of the struct before the call
 * returns, so the struct itself may stand on the agent's stack.
 */
#ifndef CADRE_VALUE_H
#define CADRE_VALUE_H

#include "arrow.h"
#include "dlpack.h"
#include "types.h"

CADRE_BEGIN

/* A dataset and a model are handles of the host, see ext/data.h and ext/model.h. */
typedef struct cadre_dataset cadre_dataset;
typedef struct cadre_model cadre_model;

typedef struct cadre_value cadre_value;
struct cadre_value {
  uint32_t size;
  uint32_t kind;
  uint32_t constructors;
  /* Of a scalar: CADRE_F64, CADRE_I64, CADRE_BOOL or CADRE_UTF8. */
  uint32_t dtype;
  /* text, bytes, json, state, settings, and a scalar of CADRE_UTF8. */
  cadre_str text;
  /* A scalar: f64 of CADRE_F64; i64 of CADRE_I64 and CADRE_BOOL. */
  double f64;
  int64_t i64;
  /* A tensor that is read: from the host always row-major and dense, whether `strides` is NULL or says so. */
  const DLTensor *tensor;
  /* A tensor that is given. Its deleter may be NULL only by DLPack's own rule; ours is not. */
  DLManagedTensorVersioned *managed;
  struct ArrowArrayStream *table;
  const cadre_dataset *dataset;
  const cadre_model *model;
  /* With CADRE_OF_TEAM: the members' values in the team's order. */
  const cadre_value *const *members;
  uint64_t member_count;
};

CADRE_END

#endif
