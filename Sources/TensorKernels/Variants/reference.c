/* The reference: plain loops, one formula a line. */
#include "variants.h"

#include "../Reference/cross_entropy.h"
#include "../Reference/elementwise.h"
#include "../Reference/embedding_bag.h"
#include "../Reference/gemm.h"
#include "../Reference/optimizer.h"
#include "../Reference/reduce.h"
#include "../Reference/softmax.h"

#define TK_TABLE_NAME tk_kernels_reference
#define TK_TABLE_ISA TK_ISA_REFERENCE
#include "table.h"
