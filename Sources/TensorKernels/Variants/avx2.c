/* 32-byte vectors with fused multiply-add. */
#include "variants.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define TK_VECTOR_BYTES 32
/* 16 registers: 6 x 2 sums, 2 of B, 1 of A; 12 independent sums hide a latency of 4 at 2 a
 * cycle. */
#define TK_GEMM_ROWS 6
#define TK_GEMM_VECTORS 2
/* A panel of B (384 x 16 floats, 24 KiB) stays in the first cache, a block of A (224 KiB) in a
 * second one of 256 KiB or more. */
#define TK_GEMM_DEPTH 384
#define TK_GEMM_BLOCK_FLOATS 57344
#include "families.h"

#pragma clang attribute pop

#include "table.h"

TK_VARIANT_TABLE(avx2, TK_ISA_AVX2)

#endif
