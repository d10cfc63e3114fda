/* Softmax: three short passes over a row that stays in the first cache. */
#include <math.h>

static float row_max(size_t n, const float *x) {
  vf largest = v_splat(-INFINITY);
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) largest = v_max(v_load(x + i), largest);
  if (i < n) largest = v_max(v_load_tail(x + i, n - i, -INFINITY), largest);
  return v_max_lane(largest);
}

/* y = exp(x - shift); returns the sum, in which NaN of any element shows. */
static double row_exp(size_t n, float shift, const float *x, float *y) {
  vf m = v_splat(shift);
  vf sum = v_zero();
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) {
    vf e = v_exp(v_load(x + i) - m);
    sum += e;
    v_store(y + i, e);
  }
  if (i < n) {
    /* Lanes past the end hold exp(-Inf) = 0; where shift is -Inf they are NaN, as the row is. */
    vf e = v_exp(v_load_tail(x + i, n - i, -INFINITY) - m);
    sum += e;
    v_store_tail(y + i, n - i, e);
  }
  return v_sum_f64(sum);
}

/* The sum that row_exp returns, without storing. */
static double row_exp_sum(size_t n, float shift, const float *x) {
  vf m = v_splat(shift);
  vf sum = v_zero();
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) sum += v_exp(v_load(x + i) - m);
  if (i < n) sum += v_exp(v_load_tail(x + i, n - i, -INFINITY) - m);
  return v_sum_f64(sum);
}

static void softmax_f32(size_t rows, size_t columns, const float *x, float *y) {
  for (size_t r = 0; r < rows; ++r) {
    const float *in = x + r * columns;
    float *out = y + r * columns;
    double sum = row_exp(columns, row_max(columns, in), in, out);
    scale_f32(columns, (float)(1.0 / sum), out, out);
  }
}

static void log_softmax_f32(size_t rows, size_t columns, const float *x, float *y) {
  for (size_t r = 0; r < rows; ++r) {
    const float *in = x + r * columns;
    float *out = y + r * columns;
    float shift = row_max(columns, in);
    float log_sum = (float)log(row_exp_sum(columns, shift, in));
    vf m = v_splat(shift);
    vf l = v_splat(log_sum);
    size_t i = 0;
    /* Two subtractions: shift + log_sum first would lose the small one beside a large maximum. */
    for (; i + TK_LANES <= columns; i += TK_LANES) v_store(out + i, v_load(in + i) - m - l);
    if (i < columns) {
      v_store_tail(out + i, columns - i, v_load_tail(in + i, columns - i, 0.0f) - m - l);
    }
  }
}

static void softmax_backward_f32(size_t rows, size_t columns, const float *y, const float *dy,
                                 float *dx) {
  for (size_t r = 0; r < rows; ++r) {
    size_t at = r * columns;
    vf inner = v_splat((float)dot_f32(columns, y + at, dy + at));
    size_t i = 0;
    for (; i + TK_LANES <= columns; i += TK_LANES) {
      v_store(dx + at + i, v_load(y + at + i) * (v_load(dy + at + i) - inner));
    }
    if (i < columns) {
      size_t left = columns - i;
      vf p = v_load_tail(y + at + i, left, 0.0f);
      v_store_tail(dx + at + i, left, p * (v_load_tail(dy + at + i, left, 0.0f) - inner));
    }
  }
}

static void log_softmax_backward_f32(size_t rows, size_t columns, const float *y, const float *dy,
                                     float *dx) {
  for (size_t r = 0; r < rows; ++r) {
    size_t at = r * columns;
    vf sum = v_splat((float)sum_f32(columns, dy + at));
    size_t i = 0;
    for (; i + TK_LANES <= columns; i += TK_LANES) {
      v_store(dx + at + i, v_load(dy + at + i) - v_exp(v_load(y + at + i)) * sum);
    }
    if (i < columns) {
      size_t left = columns - i;
      vf p = v_exp(v_load_tail(y + at + i, left, 0.0f));
      v_store_tail(dx + at + i, left, v_load_tail(dy + at + i, left, 0.0f) - p * sum);
    }
  }
}
