/* Every family for f32, once: compiled for the vector width and instruction set that the including
 * file states. What has no SIMD source of its own is the reference, compiled for that set. */
#include "../Families/vector.h"

#include "../Families/elementary.h"

#include "../Families/binary.h"
#include "../Families/unary.h"

#include "../Families/reduce.h"

#include "../Families/cross_entropy.h"
#include "../Families/embedding_bag.h"
#include "../Families/norm.h"
#include "../Families/optimizer.h"
#include "../Families/softmax.h"

#include "../Families/gemm.h"

#define TK_TYPE_F32
#include "../Reference/types.h"

#include "../Reference/index.h"
#include "../Reference/sort.h"
#undef TK_TYPE_F32
