/* tk_gemm.h: product of two matrices. */
#ifndef TK_GEMM_H
#define TK_GEMM_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct tk_gemm_kernels {
  /* Floats of scratch memory that `multiply_f32` needs for these sizes. */
  size_t (*_Nonnull workspace_f32)(size_t m, size_t n, size_t k);

  /* C = A · B, or C += A · B where `accumulate` is not 0. A: [M, K], B: [K, N], C: [M, N].
   *
   * Element (i, p) of A stands at a[i * a_row + p * a_column], likewise B, so a transposed operand
   * is the same memory with its steps swapped. Rows of C are dense, `c_row` apart. With K = 0 the
   * product is zero. C must not overlap an operand. Rounding: f32, sums in blocks of K; error grows
   * as K. */
  void (*_Nonnull multiply_f32)(size_t m, size_t n, size_t k, const float *a, size_t a_row,
                                size_t a_column, const float *b, size_t b_row, size_t b_column,
                                float *c, size_t c_row, int32_t accumulate, float *workspace);
} tk_gemm_kernels;

#pragma clang assume_nonnull end

#endif
