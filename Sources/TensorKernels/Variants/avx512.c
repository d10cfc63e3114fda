/* 64-byte vectors. */
#include "variants.h"

#if defined(__x86_64__)

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)

#define TK_VECTOR_BYTES 64
/* 32 registers: 14 x 2 sums, 2 of B, 1 of A. A step is 16 loads for 28 multiply-adds, of each of
 * which the core does two a cycle. */
#define TK_GEMM_ROWS 14
#define TK_GEMM_VECTORS 2
/* A panel of B (768 x 32 floats, 96 KiB) and a block of A (448 KiB) share the second cache, 1 MiB
 * for a core, with what passes through. 768 was faster than 384: C is visited less often. */
#define TK_GEMM_DEPTH 768
#define TK_GEMM_BLOCK_FLOATS 114688
#include "families.h"

#pragma clang attribute pop

#include "table.h"

TK_VARIANT_TABLE(avx512, TK_ISA_AVX512)

#endif
