/* Every SIMD family, once: compiled for the vector width and instruction set that the including
 * file states. */
#include "../Families/vector.h"

#include "../Families/elementary.h"

#include "../Families/cross_entropy.h"
#include "../Families/elementwise.h"
#include "../Families/embedding_bag.h"
#include "../Families/gemm.h"
#include "../Families/optimizer.h"
#include "../Families/reduce.h"
#include "../Families/softmax.h"
