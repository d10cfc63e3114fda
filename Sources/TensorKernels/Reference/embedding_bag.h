/* Reference for tk_embedding_bag.h, as a template; see types.h. */
#include <stddef.h>
#include <stdint.h>

static void T(bag_forward)(size_t rows, size_t width, const void *table, const int32_t *indices,
                           const int32_t *offsets, const void *weights, void *y) {
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < width; ++c) {
      double sum = 0;
      for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
        const REAL *row = (const REAL *)table + (size_t)indices[j] * width;
        sum += (double)((const REAL *)weights)[j] * (double)row[c];
      }
      ((REAL *)y)[r * width + c] = (REAL)sum;
    }
  }
}

static void T(bag_backward_table)(size_t rows, size_t width, const void *dy,
                                  const int32_t *indices, const int32_t *offsets,
                                  const void *weights, void *dtable) {
  for (size_t r = 0; r < rows; ++r) {
    const REAL *in = (const REAL *)dy + r * width;
    for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
      REAL weight = ((const REAL *)weights)[j];
      REAL *row = (REAL *)dtable + (size_t)indices[j] * width;
      for (size_t c = 0; c < width; ++c) row[c] += weight * in[c];
    }
  }
}

static void T(bag_backward_weights)(size_t rows, size_t width, const void *dy, const void *table,
                                    const int32_t *indices, const int32_t *offsets,
                                    void *dweights) {
  for (size_t r = 0; r < rows; ++r) {
    const REAL *in = (const REAL *)dy + r * width;
    for (int32_t j = offsets[r]; j < offsets[r + 1]; ++j) {
      const REAL *row = (const REAL *)table + (size_t)indices[j] * width;
      double sum = 0;
      for (size_t c = 0; c < width; ++c) sum += (double)in[c] * (double)row[c];
      ((REAL *)dweights)[j] = (REAL)sum;
    }
  }
}
