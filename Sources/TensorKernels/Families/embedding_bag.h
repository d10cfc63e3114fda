/* Bags of rows. */
#include "row.h"

/* Vectors of a bag's sum that are kept in registers while its rows pass. */
#define TK_BAG_VECTORS 8

TK_INLINE void bag_sum(size_t vectors, size_t begin, size_t end, size_t width, const float *table,
                       const int32_t *indices, const float *weights, float *y) {
  vf sums[TK_BAG_VECTORS];
  for (size_t v = 0; v < vectors; ++v) sums[v] = v_zero();
  for (size_t j = begin; j < end; ++j) {
    const float *row = table + (size_t)indices[j] * width;
    const vf weight = v_splat(weights[j]);
    for (size_t v = 0; v < vectors; ++v) {
      sums[v] = v_fma(weight, v_load(row + v * TK_LANES), sums[v]);
    }
  }
  for (size_t v = 0; v < vectors; ++v) v_store(y + v * TK_LANES, sums[v]);
}

static void bag_forward_f32(size_t rows, size_t width, const void *table_, const int32_t *indices,
                            const int32_t *offsets, const void *weights_, void *y_) {
  const float *table = table_;
  const float *weights = weights_;
  for (size_t r = 0; r < rows; ++r) {
    float *y = (float *)y_ + r * width;
    size_t begin = (size_t)offsets[r];
    size_t end = (size_t)offsets[r + 1];
    size_t c = 0;
    for (; c + TK_BAG_VECTORS * TK_LANES <= width; c += TK_BAG_VECTORS * TK_LANES) {
      bag_sum(TK_BAG_VECTORS, begin, end, width, table + c, indices, weights, y + c);
    }
    for (; c + 4 * TK_LANES <= width; c += 4 * TK_LANES) {
      bag_sum(4, begin, end, width, table + c, indices, weights, y + c);
    }
    for (; c + TK_LANES <= width; c += TK_LANES) {
      bag_sum(1, begin, end, width, table + c, indices, weights, y + c);
    }
    if (c == width) continue;
    vf sum = v_zero();
    for (size_t j = begin; j < end; ++j) {
      const float *row = table + (size_t)indices[j] * width + c;
      sum = v_fma(v_splat(weights[j]), v_load_tail(row, width - c, 0.0f), sum);
    }
    v_store_tail(y + c, width - c, sum);
  }
}

static void bag_backward_table_f32(size_t rows, size_t width, const void *dy,
                                   const int32_t *indices, const int32_t *offsets,
                                   const void *weights, void *dtable) {
  for (size_t r = 0; r < rows; ++r) {
    for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
      row_add_scaled(width, ((const float *)weights)[j], (const float *)dy + r * width,
                     (float *)dtable + (size_t)indices[j] * width);
    }
  }
}

static void bag_backward_weights_f32(size_t rows, size_t width, const void *dy, const void *table,
                                     const int32_t *indices, const int32_t *offsets,
                                     void *dweights) {
  for (size_t r = 0; r < rows; ++r) {
    for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
      ((float *)dweights)[j] = (float)dot_f32(width, (const float *)dy + r * width,
                                              (const float *)table + (size_t)indices[j] * width);
    }
  }
}
