/* 32-byte vectors with fused multiply-add. */
#include "variants.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define TK_VECTOR_BYTES 32
/* 16 registers: 6 x 2 sums, 2 of B, 1 of A; 12 independent sums hide a latency of 4 at 2 a
 * cycle. */
#define TK_GEMM_ROWS 6
#define TK_GEMM_VECTORS 2
#include "families.h"

#pragma clang attribute pop

#define TK_TABLE_NAME tk_kernels_avx2
#define TK_TABLE_ISA TK_ISA_AVX2
#include "table.h"

#endif
