/* tk_sort.h: order within each row. NaN counts as larger than all numbers (as numpy and PyTorch
 * have it): last when ascending, first when descending. Equal elements keep their order. */
#ifndef TK_SORT_H
#define TK_SORT_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct tk_sort_kernels {
  /* values: [rows, columns] sorted; positions: [rows, columns], where each value stood. x may be
   * values. workspace: 2 * columns int64_t. */
  void (*_Nullable sort)(size_t rows, size_t columns, int32_t descending, const void *x,
                         void *values, int64_t *positions, int64_t *workspace);
  /* The k first of the sorted row: values, positions: [rows, k], k <= columns; `largest` 0: the
   * smallest, ascending; else the largest, descending. workspace: 2 * columns int64_t. Nothing may
   * overlap. */
  void (*_Nullable top_k)(size_t rows, size_t columns, size_t k, int32_t largest, const void *x,
                          void *values, int64_t *positions, int64_t *workspace);
} tk_sort_kernels;

#pragma clang assume_nonnull end

#endif
