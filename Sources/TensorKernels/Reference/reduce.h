/* Reference for tk_reduce.h. */
#include <stddef.h>
#include <stdint.h>

static double sum_f32(size_t n, const float *x) {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += (double)x[i];
  return sum;
}

static double sum_squares_f32(size_t n, const float *x) {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += (double)x[i] * (double)x[i];
  return sum;
}

static double dot_f32(size_t n, const float *a, const float *b) {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += (double)a[i] * (double)b[i];
  return sum;
}

static void sum_rows_f32(size_t rows, size_t columns, const float *x, float *y) {
  for (size_t c = 0; c < columns; ++c) {
    double sum = 0;
    for (size_t r = 0; r < rows; ++r) sum += (double)x[r * columns + c];
    y[c] = (float)sum;
  }
}

static void argmax_rows_f32(size_t rows, size_t columns, const float *x, int64_t *y) {
  for (size_t r = 0; r < rows; ++r) {
    const float *row = x + r * columns;
    size_t best = 0;
    for (size_t c = 1; c < columns; ++c) {
      int best_is_nan = row[best] != row[best];
      int is_nan = row[c] != row[c];
      if (!best_is_nan && (is_nan || row[c] > row[best])) best = c;
    }
    y[r] = (int64_t)best;
  }
}
