/* Reference for tk_softmax.h. */
#include <math.h>
#include <stddef.h>

/* NaN where an element is NaN. */
static double row_max(size_t n, const float *x) {
  double largest = -INFINITY;
  for (size_t i = 0; i < n; ++i) {
    if ((double)x[i] > largest || x[i] != x[i]) largest = (double)x[i];
  }
  return largest;
}

static double row_exp_sum(size_t n, double shift, const float *x) {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += exp((double)x[i] - shift);
  return sum;
}

static void softmax_f32(size_t rows, size_t columns, const float *x, float *y) {
  for (size_t r = 0; r < rows; ++r) {
    const float *in = x + r * columns;
    double shift = row_max(columns, in);
    double sum = row_exp_sum(columns, shift, in);
    for (size_t c = 0; c < columns; ++c) {
      y[r * columns + c] = (float)(exp((double)in[c] - shift) / sum);
    }
  }
}

static void log_softmax_f32(size_t rows, size_t columns, const float *x, float *y) {
  for (size_t r = 0; r < rows; ++r) {
    const float *in = x + r * columns;
    double shift = row_max(columns, in);
    double log_sum = log(row_exp_sum(columns, shift, in));
    for (size_t c = 0; c < columns; ++c) {
      y[r * columns + c] = (float)((double)in[c] - shift - log_sum);
    }
  }
}

static void softmax_backward_f32(size_t rows, size_t columns, const float *y, const float *dy,
                                 float *dx) {
  for (size_t r = 0; r < rows; ++r) {
    size_t at = r * columns;
    double inner = 0;
    for (size_t c = 0; c < columns; ++c) inner += (double)y[at + c] * (double)dy[at + c];
    for (size_t c = 0; c < columns; ++c) {
      dx[at + c] = (float)((double)y[at + c] * ((double)dy[at + c] - inner));
    }
  }
}

static void log_softmax_backward_f32(size_t rows, size_t columns, const float *y, const float *dy,
                                     float *dx) {
  for (size_t r = 0; r < rows; ++r) {
    size_t at = r * columns;
    double sum = 0;
    for (size_t c = 0; c < columns; ++c) sum += (double)dy[at + c];
    for (size_t c = 0; c < columns; ++c) {
      dx[at + c] = (float)((double)dy[at + c] - exp((double)y[at + c]) * sum);
    }
  }
}
