/* Softmax: three short passes over a row that stays in the first cache. */
#include "row_exp.h"

static void softmax_f32(size_t rows, size_t columns, const void *x, void *y) {
  const size_t together = rows_together(columns);
  const size_t ahead = together * columns;
  for (size_t first = 0; first < rows; first += together) {
    size_t count = rows - first < together ? rows - first : together;
    const float *in = (const float *)x + first * columns;
    float *out = (float *)y + first * columns;
    float largest[TK_ROWS_TOGETHER];
    double sums[TK_ROWS_TOGETHER];
    for (size_t r = 0; r < count; ++r) largest[r] = row_max(columns, in + r * columns);
    for (size_t r = 0; r < count; ++r) {
      sums[r] = row_exp(columns, largest[r], in + r * columns, out + r * columns,
                        ahead);
    }
    for (size_t r = 0; r < count; ++r) {
      float *row = out + r * columns;
      row_scale(columns, (float)(1.0 / sums[r]), row, row);
    }
  }
}

/* y = x - m - l; two subtractions: m + l first would lose the small one beside a large maximum. */
static inline void row_subtract(size_t n, float first, float second, const float *x, float *y) {
  const vf m = v_splat(first);
  const vf l = v_splat(second);
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) v_store(y + i, v_load(x + i) - m - l);
  if (i < n) v_store_tail(y + i, n - i, v_load_tail(x + i, n - i, 0.0f) - m - l);
}

static void log_softmax_f32(size_t rows, size_t columns, const void *x, void *y) {
  const size_t together = rows_together(columns);
  const size_t ahead = together * columns;
  for (size_t first = 0; first < rows; first += together) {
    size_t count = rows - first < together ? rows - first : together;
    const float *in = (const float *)x + first * columns;
    float *out = (float *)y + first * columns;
    float largest[TK_ROWS_TOGETHER];
    double sums[TK_ROWS_TOGETHER];
    for (size_t r = 0; r < count; ++r) largest[r] = row_max(columns, in + r * columns);
    for (size_t r = 0; r < count; ++r) {
      sums[r] = row_exp(columns, largest[r], in + r * columns, NULL, ahead);
    }
    for (size_t r = 0; r < count; ++r) {
      row_subtract(columns, largest[r], (float)log(sums[r]), in + r * columns, out + r * columns);
    }
  }
}

static void softmax_backward_f32(size_t rows, size_t columns, const void *y_, const void *dy_,
                                 void *dx_) {
  for (size_t r = 0; r < rows; ++r) {
    const float *y = (const float *)y_ + r * columns;
    const float *dy = (const float *)dy_ + r * columns;
    float *dx = (float *)dx_ + r * columns;
    const vf inner = v_splat((float)dot_f32(columns, y, dy));
    size_t i = 0;
    for (; i + TK_LANES <= columns; i += TK_LANES) {
      v_store(dx + i, v_load(y + i) * (v_load(dy + i) - inner));
    }
    if (i < columns) {
      size_t left = columns - i;
      vf p = v_load_tail(y + i, left, 0.0f);
      v_store_tail(dx + i, left, p * (v_load_tail(dy + i, left, 0.0f) - inner));
    }
  }
}

static void log_softmax_backward_f32(size_t rows, size_t columns, const void *y_, const void *dy_,
                                     void *dx_) {
  for (size_t r = 0; r < rows; ++r) {
    const float *y = (const float *)y_ + r * columns;
    const float *dy = (const float *)dy_ + r * columns;
    float *dx = (float *)dx_ + r * columns;
    const vf sum = v_splat((float)sum_f32(columns, dy));
    size_t i = 0;
    for (; i + TK_LANES <= columns; i += TK_LANES) {
      v_store(dx + i, v_load(dy + i) - v_exp(v_load(y + i)) * sum);
    }
    if (i < columns) {
      size_t left = columns - i;
      vf p = v_exp(v_load_tail(y + i, left, 0.0f));
      v_store_tail(dx + i, left, v_load_tail(dy + i, left, 0.0f) - p * sum);
    }
  }
}

/* The weighted sum of a row's members is built up in the result, which stays in the first cache. */
static void log_pool_f32(size_t members, size_t rows, size_t columns, const void *x,
                         const void *weights, void *y) {
  for (size_t r = 0; r < rows; ++r) {
    float *out = (float *)y + r * columns;
    memset(out, 0, columns * sizeof *out);
    for (size_t m = 0; m < members; ++m) {
      float weight = ((const float *)weights)[m];
      /* 0 times -Inf would be NaN. */
      if (weight == 0) continue;
      row_add_scaled(columns, weight, (const float *)x + (m * rows + r) * columns, out);
    }
  }
  log_softmax_f32(rows, columns, y, y);
}
