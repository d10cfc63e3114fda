/* 16-byte vectors: SSE2 on x86-64, NEON on arm64; no fused multiply-add on the former. */
#include "variants.h"

#define TK_VECTOR_BYTES 16
/* 16 registers: 4 x 2 sums, 2 of B, 1 of A. */
#define TK_GEMM_ROWS 4
#define TK_GEMM_VECTORS 2
#include "families.h"

#define TK_TABLE_NAME tk_kernels_portable
#define TK_TABLE_ISA TK_ISA_PORTABLE
#include "table.h"
