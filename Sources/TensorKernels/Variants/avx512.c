/* 64-byte vectors. */
#include "variants.h"

#if defined(__x86_64__)

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)

#define TK_VECTOR_BYTES 64
/* 32 registers: 12 x 2 sums, 2 of B, 1 of A. */
#define TK_GEMM_ROWS 12
#define TK_GEMM_VECTORS 2
#include "families.h"

#pragma clang attribute pop

#define TK_TABLE_NAME tk_kernels_avx512
#define TK_TABLE_ISA TK_ISA_AVX512
#include "table.h"

#endif
