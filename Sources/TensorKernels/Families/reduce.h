/* Reductions. Four running vectors hide the latency of addition; a block of 1,024 elements is short
 * enough that f32 rounding stays near one ULP, and block sums meet in f64. */

#define TK_REDUCE_BLOCK 1024

#define TK_REDUCE(name, parameters, load_a, load_b, tail_a, tail_b, term) \
  static double name parameters {                                         \
    double total = 0;                                                     \
    size_t i = 0;                                                         \
    while (i < n) {                                                       \
      size_t end = n - i < TK_REDUCE_BLOCK ? n : i + TK_REDUCE_BLOCK;     \
      vf sums[4] = {v_zero(), v_zero(), v_zero(), v_zero()};              \
      for (; i + 4 * TK_LANES <= end; i += 4 * TK_LANES) {                \
        for (size_t u = 0; u < 4; ++u) {                                  \
          size_t at = i + u * TK_LANES;                                   \
          vf a = load_a;                                                  \
          vf b = load_b;                                                  \
          (void)b;                                                        \
          sums[u] += term;                                                \
        }                                                                 \
      }                                                                   \
      for (; i < end; i += TK_LANES) {                                    \
        size_t at = i;                                                    \
        size_t left = end - i;                                            \
        vf a, b;                                                          \
        if (left >= TK_LANES) {                                           \
          a = load_a;                                                     \
          b = load_b;                                                     \
        } else {                                                          \
          a = tail_a;                                                     \
          b = tail_b;                                                     \
        }                                                                 \
        (void)b;                                                          \
        sums[0] += term;                                                  \
      }                                                                   \
      i = end;                                                            \
      total += v_sum_f64((sums[0] + sums[1]) + (sums[2] + sums[3]));      \
    }                                                                     \
    return total;                                                         \
  }

TK_REDUCE(sum_f32, (size_t n, const float *x), v_load(x + at), v_zero(),
          v_load_tail(x + at, left, 0.0f), v_zero(), a)
TK_REDUCE(sum_squares_f32, (size_t n, const float *x), v_load(x + at), v_zero(),
          v_load_tail(x + at, left, 0.0f), v_zero(), (a * a))
TK_REDUCE(dot_f32, (size_t n, const float *x, const float *z), v_load(x + at), v_load(z + at),
          v_load_tail(x + at, left, 0.0f), v_load_tail(z + at, left, 0.0f), (a * b))

static void sum_rows_f32(size_t rows, size_t columns, const float *x, float *y) {
  if (columns == 0) return;
  memset(y, 0, columns * sizeof(float));
  for (size_t r = 0; r < rows; ++r) add_f32(columns, y, x + r * columns, y);
}

static int64_t argmax_row(size_t columns, const float *x) {
  vf largest = v_load_tail(x, columns < TK_LANES ? columns : TK_LANES, x[0]);
  vi nan = v_splat_i(0);
  size_t i = 0;
  for (; i + TK_LANES <= columns; i += TK_LANES) {
    vf v = v_load(x + i);
    nan |= v != v;
    largest = v_max(v, largest);
  }
  if (i < columns) {
    vf v = v_load_tail(x + i, columns - i, x[0]);
    nan |= v != v;
    largest = v_max(v, largest);
  }
  int any_nan = 0;
  for (size_t lane = 0; lane < TK_LANES; ++lane) any_nan |= nan[lane] != 0;
  float wanted = v_max_lane(largest);
  for (size_t c = 0; c < columns; ++c) {
    if (any_nan ? x[c] != x[c] : x[c] == wanted) return (int64_t)c;
  }
  return 0;
}

static void argmax_rows_f32(size_t rows, size_t columns, const float *x, int64_t *y) {
  for (size_t r = 0; r < rows; ++r) y[r] = argmax_row(columns, x + r * columns);
}
