/* Reference for tk_softmax.h, as a template; see types.h. */
#include <math.h>
#include <stddef.h>

static double T(row_max)(size_t n, const REAL *x) {
  double largest = -INFINITY;
  for (size_t i = 0; i < n; ++i) {
    if ((double)x[i] > largest || x[i] != x[i]) largest = (double)x[i];
  }
  return largest;
}

static double T(row_exp_sum)(size_t n, double shift, const REAL *x) {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += exp((double)x[i] - shift);
  return sum;
}

static void T(softmax)(size_t rows, size_t columns, const void *x, void *y) {
  for (size_t r = 0; r < rows; ++r) {
    const REAL *in = (const REAL *)x + r * columns;
    REAL *out = (REAL *)y + r * columns;
    double shift = T(row_max)(columns, in);
    double sum = T(row_exp_sum)(columns, shift, in);
    for (size_t c = 0; c < columns; ++c) out[c] = (REAL)(exp((double)in[c] - shift) / sum);
  }
}

static void T(log_softmax)(size_t rows, size_t columns, const void *x, void *y) {
  for (size_t r = 0; r < rows; ++r) {
    const REAL *in = (const REAL *)x + r * columns;
    REAL *out = (REAL *)y + r * columns;
    double shift = T(row_max)(columns, in);
    double log_sum = log(T(row_exp_sum)(columns, shift, in));
    for (size_t c = 0; c < columns; ++c) out[c] = (REAL)((double)in[c] - shift - log_sum);
  }
}

static void T(softmax_backward)(size_t rows, size_t columns, const void *y_, const void *dy_,
                                void *dx_) {
  for (size_t r = 0; r < rows; ++r) {
    const REAL *y = (const REAL *)y_ + r * columns;
    const REAL *dy = (const REAL *)dy_ + r * columns;
    REAL *dx = (REAL *)dx_ + r * columns;
    double inner = 0;
    for (size_t c = 0; c < columns; ++c) inner += (double)y[c] * (double)dy[c];
    for (size_t c = 0; c < columns; ++c) dx[c] = (REAL)((double)y[c] * ((double)dy[c] - inner));
  }
}

static void T(log_softmax_backward)(size_t rows, size_t columns, const void *y_, const void *dy_,
                                    void *dx_) {
  for (size_t r = 0; r < rows; ++r) {
    const REAL *y = (const REAL *)y_ + r * columns;
    const REAL *dy = (const REAL *)dy_ + r * columns;
    REAL *dx = (REAL *)dx_ + r * columns;
    double sum = 0;
    for (size_t c = 0; c < columns; ++c) sum += (double)dy[c];
    for (size_t c = 0; c < columns; ++c) dx[c] = (REAL)((double)dy[c] - exp((double)y[c]) * sum);
  }
}

/* sum over m of weights[m] x[m, at]; `stride` lies between members. */
static double T(pooled)(size_t members, size_t stride, const REAL *x, const REAL *weights) {
  double sum = 0;
  for (size_t m = 0; m < members; ++m) {
    if (weights[m] != 0) sum += (double)weights[m] * (double)x[m * stride];
  }
  return sum;
}

static void T(log_pool)(size_t members, size_t rows, size_t columns, const void *x,
                        const void *weights, void *y) {
  size_t stride = rows * columns;
  for (size_t r = 0; r < rows; ++r) {
    const REAL *in = (const REAL *)x + r * columns;
    REAL *out = (REAL *)y + r * columns;
    double shift = -INFINITY;
    for (size_t c = 0; c < columns; ++c) {
      double v = T(pooled)(members, stride, in + c, weights);
      if (v > shift || v != v) shift = v;
    }
    double sum = 0;
    for (size_t c = 0; c < columns; ++c) {
      sum += exp(T(pooled)(members, stride, in + c, weights) - shift);
    }
    double log_sum = log(sum);
    for (size_t c = 0; c < columns; ++c) {
      out[c] = (REAL)(T(pooled)(members, stride, in + c, weights) - shift - log_sum);
    }
  }
}
