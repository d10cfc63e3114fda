/* All families of a floating-point type, as templates. */
#include "types.h"

#include "unary.h"

#include "binary.h"

#include "reduce.h"

#include "softmax.h"

#include "norm.h"

#include "cross_entropy.h"

#include "embedding_bag.h"

#include "index.h"

#include "sort.h"

#include "gemm.h"
