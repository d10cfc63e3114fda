/* Elementwise operations: whole vectors, then one vector of what is left. */

#define TK_UNARY(name, expression)                       \
  static void name(size_t n, const float *x, float *y) { \
    size_t i = 0;                                        \
    for (; i + TK_LANES <= n; i += TK_LANES) {           \
      vf a = v_load(x + i);                              \
      v_store(y + i, expression);                        \
    }                                                    \
    if (i < n) {                                         \
      vf a = v_load_tail(x + i, n - i, 0.0f);            \
      v_store_tail(y + i, n - i, expression);            \
    }                                                    \
  }

#define TK_BINARY(name, expression)                                               \
  static void name(size_t n, const float *first, const float *second, float *y) { \
    size_t i = 0;                                                                 \
    for (; i + TK_LANES <= n; i += TK_LANES) {                                    \
      vf a = v_load(first + i);                                                   \
      vf b = v_load(second + i);                                                  \
      v_store(y + i, expression);                                                 \
    }                                                                             \
    if (i < n) {                                                                  \
      vf a = v_load_tail(first + i, n - i, 0.0f);                                 \
      vf b = v_load_tail(second + i, n - i, 0.0f);                                \
      v_store_tail(y + i, n - i, expression);                                     \
    }                                                                             \
  }

TK_BINARY(add_f32, a + b)
TK_BINARY(mul_f32, (a * b))
/* a: the forward result, b: its gradient. Not larger than zero includes NaN, so a NaN passes no
 * gradient. */
TK_BINARY(relu_backward_f32, v_select(a > v_zero(), b, v_zero()))
TK_BINARY(tanh_backward_f32, (b * (v_splat(1.0f) - a * a)))
/* Smaller than zero becomes zero, so NaN, which compares false, stays. */
TK_UNARY(relu_f32, v_select(a < v_zero(), v_zero(), a))
TK_UNARY(tanh_f32, v_tanh(a))

static void add_row_f32(size_t rows, size_t columns, const float *a, const float *b, float *y) {
  for (size_t r = 0; r < rows; ++r) add_f32(columns, a + r * columns, b, y + r * columns);
}

static void mul_row_f32(size_t rows, size_t columns, const float *a, const float *b, float *y) {
  for (size_t r = 0; r < rows; ++r) mul_f32(columns, a + r * columns, b, y + r * columns);
}

static void scale_f32(size_t n, float factor, const float *x, float *y) {
  vf f = v_splat(factor);
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) v_store(y + i, f * v_load(x + i));
  if (i < n) v_store_tail(y + i, n - i, f * v_load_tail(x + i, n - i, 0.0f));
}
