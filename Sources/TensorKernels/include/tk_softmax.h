/* tk_softmax.h: softmax and log-softmax of each row.
 *
 * Both subtract the row's maximum, so that exp cannot overflow. A row with NaN or +Inf, or of -Inf
 * alone, becomes NaN. x, y: [rows, columns]; y may be the same array as x. */
#ifndef TK_SOFTMAX_H
#define TK_SOFTMAX_H

#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct tk_softmax_kernels {
  /* y[r, c] = exp(x[r, c]) / sum over k of exp(x[r, k]) */
  void (*_Nonnull softmax_f32)(size_t rows, size_t columns, const float *x, float *y);
  /* y[r, c] = x[r, c] - log(sum over k of exp(x[r, k])) */
  void (*_Nonnull log_softmax_f32)(size_t rows, size_t columns, const float *x, float *y);
  /* dx[r] = y[r] * (dy[r] - dy[r] · y[r]); y is the forward result. dx may be dy. */
  void (*_Nonnull softmax_backward_f32)(size_t rows, size_t columns, const float *y,
                                        const float *dy, float *dx);
  /* dx[r] = dy[r] - exp(y[r]) * sum(dy[r]); y is the forward result. dx may be the same array as
   * dy. */
  void (*_Nonnull log_softmax_backward_f32)(size_t rows, size_t columns, const float *y,
                                            const float *dy, float *dx);
} tk_softmax_kernels;

#pragma clang assume_nonnull end

#endif
