/* tk_elementwise.h: one result an element. `y` may be the same array as any operand of its size. */
#ifndef TK_ELEMENTWISE_H
#define TK_ELEMENTWISE_H

#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct tk_elementwise_kernels {
  /* y = a + b */
  void (*_Nonnull add_f32)(size_t n, const float *a, const float *b, float *y);
  /* y = a * b */
  void (*_Nonnull mul_f32)(size_t n, const float *a, const float *b, float *y);
  /* y[r, c] = a[r, c] + b[c]. b must not overlap y. */
  void (*_Nonnull add_row_f32)(size_t rows, size_t columns, const float *a, const float *b,
                               float *y);
  /* y[r, c] = a[r, c] * b[c]. b must not overlap y. */
  void (*_Nonnull mul_row_f32)(size_t rows, size_t columns, const float *a, const float *b,
                               float *y);
  /* y = factor * x */
  void (*_Nonnull scale_f32)(size_t n, float factor, const float *x, float *y);
  /* y = max(x, 0); NaN stays NaN. */
  void (*_Nonnull relu_f32)(size_t n, const float *x, float *y);
  /* dx = dy where y > 0, else 0; y is the forward result (its sign tells as much as the
   * input's). */
  void (*_Nonnull relu_backward_f32)(size_t n, const float *y, const float *dy, float *dx);
  /* y = tanh(x). Error: TensorKernelsTests, 4 ULP. */
  void (*_Nonnull tanh_f32)(size_t n, const float *x, float *y);
  /* dx = dy * (1 - y²); y is the forward result. */
  void (*_Nonnull tanh_backward_f32)(size_t n, const float *y, const float *dy, float *dx);
} tk_elementwise_kernels;

#pragma clang assume_nonnull end

#endif
