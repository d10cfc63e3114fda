/* Reference for tk_elementwise.h. */
#include <math.h>
#include <stddef.h>

static void add_f32(size_t n, const float *a, const float *b, float *y) {
  for (size_t i = 0; i < n; ++i) y[i] = a[i] + b[i];
}

static void mul_f32(size_t n, const float *a, const float *b, float *y) {
  for (size_t i = 0; i < n; ++i) y[i] = a[i] * b[i];
}

static void add_row_f32(size_t rows, size_t columns, const float *a, const float *b, float *y) {
  for (size_t r = 0; r < rows; ++r) add_f32(columns, a + r * columns, b, y + r * columns);
}

static void mul_row_f32(size_t rows, size_t columns, const float *a, const float *b, float *y) {
  for (size_t r = 0; r < rows; ++r) mul_f32(columns, a + r * columns, b, y + r * columns);
}

static void scale_f32(size_t n, float factor, const float *x, float *y) {
  for (size_t i = 0; i < n; ++i) y[i] = factor * x[i];
}

static void relu_f32(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; ++i) y[i] = x[i] < 0.0f ? 0.0f : x[i];
}

static void relu_backward_f32(size_t n, const float *y, const float *dy, float *dx) {
  for (size_t i = 0; i < n; ++i) dx[i] = y[i] > 0.0f ? dy[i] : 0.0f;
}

static void tanh_f32(size_t n, const float *x, float *y) {
  for (size_t i = 0; i < n; ++i) y[i] = (float)tanh((double)x[i]);
}

static void tanh_backward_f32(size_t n, const float *y, const float *dy, float *dx) {
  for (size_t i = 0; i < n; ++i) dx[i] = dy[i] * (1.0f - y[i] * y[i]);
}
