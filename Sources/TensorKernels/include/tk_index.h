/* tk_index.h: elements by position. Positions are i64 and were checked with tk_check_indices. */
#ifndef TK_INDEX_H
#define TK_INDEX_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/* The first position of an index outside 0 ..< limit, or -1. */
int64_t tk_check_indices(size_t n, const int64_t *indices, int64_t limit);

/* y[i] = table[indices[i]], whole rows of `row_bytes` bytes: an embedding. Nothing may overlap. */
void tk_gather_rows(size_t n, size_t row_bytes, const int64_t *indices, const void *table, void *y);

/* y[o, i, c] = x[o, indices[o, i, c], c]: picks along the middle axis. x: [outer, length, inner];
 * indices, y: [outer, n, inner]; elements of `width` bytes (1, 2, 4 or 8). Nothing may overlap. */
void tk_gather_axis(size_t outer, size_t length, size_t n, size_t inner, size_t width,
                    const int64_t *indices, const void *x, void *y);

typedef struct tk_index_kernels {
  /* table[indices[i]] += x[i] over whole rows, in order of i: the gradient of an embedding. */
  void (*_Nullable scatter_add_rows)(size_t n, size_t columns, const int64_t *indices,
                                     const void *x, void *table);
  /* y[o, indices[o, i, c], c] += x[o, i, c], in order of i. y: [outer, length, inner]. */
  void (*_Nullable scatter_add_axis)(size_t outer, size_t length, size_t n, size_t inner,
                                     const int64_t *indices, const void *x, void *y);
} tk_index_kernels;

#pragma clang assume_nonnull end

#endif
