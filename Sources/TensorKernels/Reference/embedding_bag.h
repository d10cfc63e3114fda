/* Reference for tk_embedding_bag.h. */
#include <stddef.h>
#include <stdint.h>

static void bag_forward_f32(size_t rows, size_t width, const float *table, const int32_t *indices,
                            const int32_t *offsets, const float *weights, float *y) {
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < width; ++c) {
      double sum = 0;
      for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
        sum += (double)weights[j] * (double)table[(size_t)indices[j] * width + c];
      }
      y[r * width + c] = (float)sum;
    }
  }
}

static void bag_backward_table_f32(size_t rows, size_t width, const float *dy,
                                   const int32_t *indices, const int32_t *offsets,
                                   const float *weights, float *dtable) {
  for (size_t r = 0; r < rows; ++r) {
    for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
      for (size_t c = 0; c < width; ++c) {
        dtable[(size_t)indices[j] * width + c] += weights[j] * dy[r * width + c];
      }
    }
  }
}

static void bag_backward_weights_f32(size_t rows, size_t width, const float *dy, const float *table,
                                     const int32_t *indices, const int32_t *offsets,
                                     float *dweights) {
  for (size_t r = 0; r < rows; ++r) {
    for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
      double sum = 0;
      for (size_t c = 0; c < width; ++c) {
        sum += (double)dy[r * width + c] * (double)table[(size_t)indices[j] * width + c];
      }
      dweights[j] = (float)sum;
    }
  }
}
