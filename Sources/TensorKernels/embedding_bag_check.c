/* The check that stands before every embedding bag: one pass over offsets and indices. */
#include "include/tk_embedding_bag.h"

int32_t tk_embedding_bag_check(size_t features, size_t rows, size_t n, const int32_t *indices,
                               const int32_t *offsets, size_t *position) {
  *position = 0;
  if (offsets[0] != 0) return TK_BAG_BAD_OFFSET;
  for (size_t r = 0; r < rows; ++r) {
    *position = r + 1;
    if (offsets[r + 1] < offsets[r]) return TK_BAG_BAD_OFFSET;
  }
  *position = rows;
  if ((size_t)offsets[rows] != n) return TK_BAG_BAD_OFFSET;
  for (size_t j = 0; j < n; ++j) {
    *position = j;
    if (indices[j] < 0 || (size_t)indices[j] >= features) return TK_BAG_BAD_INDEX;
  }
  return TK_BAG_OK;
}
