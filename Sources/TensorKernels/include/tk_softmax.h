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
  void (*_Nullable softmax)(size_t rows, size_t columns, const void *x, void *y);
  /* y[r, c] = x[r, c] - log(sum over k of exp(x[r, k])) */
  void (*_Nullable log_softmax)(size_t rows, size_t columns, const void *x, void *y);
  /* dx[r] = y[r] * (dy[r] - dy[r] · y[r]); y is the forward result. dx may be dy. */
  void (*_Nullable softmax_backward)(size_t rows, size_t columns, const void *y, const void *dy,
                                     void *dx);
  /* dx[r] = dy[r] - exp(y[r]) * sum(dy[r]); y is the forward result. dx may be dy. */
  void (*_Nullable log_softmax_backward)(size_t rows, size_t columns, const void *y, const void *dy,
                                         void *dx);
  /* Weighted log-linear pooling:
   * y[r, c] = log softmax over c of sum over m of weights[m] x[m, r, c].
   * x: [members, rows, columns] log-probabilities; y must not overlap x. A weight of 0 leaves its
   * member out, also where it says -Inf. */
  void (*_Nullable log_pool)(size_t members, size_t rows, size_t columns, const void *x,
                             const void *weights, void *y);
} tk_softmax_kernels;

#pragma clang assume_nonnull end

#endif
