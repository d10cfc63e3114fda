/* tk_reduce.h: many numbers become few. */
#ifndef TK_REDUCE_H
#define TK_REDUCE_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct tk_reduce_kernels {
  /* Sum of x; 0 for none. Vector sums of short blocks, added up in f64: the error does not grow
   * with n. */
  double (*_Nonnull sum_f32)(size_t n, const float *x);
  /* Sum of squares of x, in the same way. Overflows as f32 squares do: at elements beyond
   * 1.8e19. */
  double (*_Nonnull sum_squares_f32)(size_t n, const float *x);
  /* Sum of a * b, in the same way. */
  double (*_Nonnull dot_f32)(size_t n, const float *a, const float *b);
  /* y[c] = sum over r of x[r, c]: the gradient of a bias. Zeros where rows = 0. y must not overlap
   * x. */
  void (*_Nonnull sum_rows_f32)(size_t rows, size_t columns, const float *x, float *y);
  /* y[r] = the position of the largest x[r, c]; the first of equals; the first NaN where there is
   * one. columns > 0. */
  void (*_Nonnull argmax_rows_f32)(size_t rows, size_t columns, const float *x, int64_t *y);
} tk_reduce_kernels;

#pragma clang assume_nonnull end

#endif
