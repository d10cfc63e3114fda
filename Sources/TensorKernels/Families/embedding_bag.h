/* Bags: one scaled row after the other is added to the result, which stays in the first cache. */

/* y += factor * x */
static void add_scaled(size_t n, float factor, const float *x, float *y) {
  vf f = v_splat(factor);
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) v_store(y + i, v_load(y + i) + f * v_load(x + i));
  if (i < n) {
    vf sum = v_load_tail(y + i, n - i, 0.0f) + f * v_load_tail(x + i, n - i, 0.0f);
    v_store_tail(y + i, n - i, sum);
  }
}

static void bag_forward_f32(size_t rows, size_t width, const float *table, const int32_t *indices,
                            const int32_t *offsets, const float *weights, float *y) {
  if (width == 0) return;
  for (size_t r = 0; r < rows; ++r) {
    float *out = y + r * width;
    memset(out, 0, width * sizeof(float));
    for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
      add_scaled(width, weights[j], table + (size_t)indices[j] * width, out);
    }
  }
}

static void bag_backward_table_f32(size_t rows, size_t width, const float *dy,
                                   const int32_t *indices, const int32_t *offsets,
                                   const float *weights, float *dtable) {
  for (size_t r = 0; r < rows; ++r) {
    for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
      add_scaled(width, weights[j], dy + r * width, dtable + (size_t)indices[j] * width);
    }
  }
}

static double dot_f32(size_t n, const float *x, const float *z);

static void bag_backward_weights_f32(size_t rows, size_t width, const float *dy, const float *table,
                                     const int32_t *indices, const int32_t *offsets,
                                     float *dweights) {
  for (size_t r = 0; r < rows; ++r) {
    for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
      dweights[j] = (float)dot_f32(width, dy + r * width, table + (size_t)indices[j] * width);
    }
  }
}
