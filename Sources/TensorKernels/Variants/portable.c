/* 16-byte vectors: SSE2 on x86-64, NEON on arm64; no fused multiply-add on the former. */
#include "variants.h"

#define TK_VECTOR_BYTES 16
/* 16 registers: 4 x 2 sums, 2 of B, 1 of A, 1 for the product. */
#define TK_GEMM_ROWS 4
#define TK_GEMM_VECTORS 2
/* A panel of B is 12 KiB, a block of A 224 KiB: for the first and second cache of any machine. */
#define TK_GEMM_DEPTH 384
#define TK_GEMM_BLOCK_FLOATS 57344
#include "families.h"

#include "table.h"

TK_VARIANT_TABLE(portable, TK_ISA_PORTABLE)
