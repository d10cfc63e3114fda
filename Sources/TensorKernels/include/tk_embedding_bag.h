/* tk_embedding_bag.h: weighted sums of rows of a table: a sparse matrix (CSR) times a dense one.
 *
 * Bag r holds entries offsets[r] ..< offsets[r + 1]; entry j is row indices[j] of the table with
 * weight weights[j]. Text as hashed n-grams has 20 entries a row out of 16,000 features: a dense
 * product would be 800 times the work. table: [features, width]; offsets: [rows + 1]; indices,
 * weights: [n]; y: [rows, width]. Nothing may overlap. */
#ifndef TK_EMBEDDING_BAG_H
#define TK_EMBEDDING_BAG_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
  TK_BAG_OK = 0,
  TK_BAG_BAD_OFFSET = 1, /* first not 0, descending, or last not n; *position: which offset */
  TK_BAG_BAD_INDEX = 2   /* outside 0 ..< features; *position: which index */
};

/* Checks what the kernels below rely on. */
int32_t tk_embedding_bag_check(size_t features, size_t rows, size_t n, const int32_t *indices,
                               const int32_t *offsets, size_t *position);

typedef struct tk_embedding_bag_kernels {
  /* y[r] = sum over j of weights[j] * table[indices[j]]; zeros for an empty bag. */
  void (*_Nullable forward)(size_t rows, size_t width, const void *table, const int32_t *indices,
                            const int32_t *offsets, const void *weights, void *y);
  /* dtable[indices[j]] += weights[j] * dy[r]. The caller zeroes dtable first. */
  void (*_Nullable backward_table)(size_t rows, size_t width, const void *dy,
                                   const int32_t *indices, const int32_t *offsets,
                                   const void *weights, void *dtable);
  /* dweights[j] = dy[r] · table[indices[j]] */
  void (*_Nullable backward_weights)(size_t rows, size_t width, const void *dy, const void *table,
                                     const int32_t *indices, const int32_t *offsets,
                                     void *dweights);
} tk_embedding_bag_kernels;

#pragma clang assume_nonnull end

#endif
