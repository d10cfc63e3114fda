/* Reductions over the rows of a matrix [n, width], for all columns side by side.
 *
 * The results of a tile of columns stay in the first cache while rows pass, eight at a time: these
 * are folded in registers, so that the tile is read and written once for eight elements; more rows
 * at once would, where they are a multiple of 4 KB apart, throw each other out of their cache
 * set. */
#ifndef TK_COLUMNS_H
#define TK_COLUMNS_H

#include "row.h"

#define TK_COLUMN_ROWS 8
#define TK_TILE 1024

/* What is summed; `shift` is one number a column. */
enum { TK_COLUMN_SUM, TK_COLUMN_SQUARES, TK_COLUMN_EXP, TK_COLUMN_APART };

TK_INLINE vf column_term(int kind, vf v, vf shift, vf sum) {
  switch (kind) {
    case TK_COLUMN_SUM:
      return sum + v;
    case TK_COLUMN_SQUARES:
      return v_fma(v, v, sum);
    case TK_COLUMN_EXP:
      return sum + v_exp(v - shift);
    default:
      return v_fma(v - shift, v - shift, sum);
  }
}

TK_INLINE vf column_terms(int kind, size_t rows, size_t stride, const float *x, size_t left,
                          vf shift) {
  vf even = v_zero();
  vf odd = v_zero();
  size_t u = 0;
  for (; u + 2 <= rows; u += 2) {
    even = column_term(kind, v_load_part(x + u * stride, left), shift, even);
    odd = column_term(kind, v_load_part(x + (u + 1) * stride, left), shift, odd);
  }
  if (u < rows) even = column_term(kind, v_load_part(x + u * stride, left), shift, even);
  return even + odd;
}

/* sums = sum over n rows of the terms of `width` <= TK_TILE columns; shift: padded to vectors. */
TK_INLINE void tile_sums(int kind, size_t n, size_t stride, size_t width, const float *x,
                         const float *shift, v_pair *sums) {
  memset(sums, 0, (width + TK_LANES - 1) / TK_LANES * sizeof *sums);
  for (size_t k = 0; k < n; k += TK_COLUMN_ROWS) {
    size_t rows = n - k < TK_COLUMN_ROWS ? n - k : TK_COLUMN_ROWS;
    for (size_t c = 0; c < width; c += TK_LANES) {
      const float *at = x + k * stride + c;
      size_t left = width - c;
      vf s = shift ? v_load(shift + c) : v_zero();
      v_pair wide = v_widen(rows == TK_COLUMN_ROWS && left >= TK_LANES
                                ? column_terms(kind, TK_COLUMN_ROWS, stride, at, TK_LANES, s)
                                : column_terms(kind, rows, stride, at, left, s));
      sums[c / TK_LANES].low += wide.low;
      sums[c / TK_LANES].high += wide.high;
    }
  }
}

TK_INLINE vf column_extreme(int largest, size_t rows, size_t stride, const float *x, size_t left,
                            vf best) {
  vi nan = best != best;
  for (size_t u = 0; u < rows; ++u) {
    vf v = v_load_part(x + u * stride, left);
    nan |= v != v;
    best = v_extreme(largest, v, best);
  }
  return v_select(nan, v_splat(NAN), best);
}

/* The largest or smallest of each column, NaN where there is one; best: padded to vectors. */
TK_INLINE void tile_extremes(int largest, size_t n, size_t stride, size_t width, const float *x,
                             float *best) {
  for (size_t c = 0; c < width; c += TK_LANES) {
    v_store(best + c, v_splat(largest ? -INFINITY : INFINITY));
  }
  for (size_t k = 0; k < n; k += TK_COLUMN_ROWS) {
    size_t rows = n - k < TK_COLUMN_ROWS ? n - k : TK_COLUMN_ROWS;
    for (size_t c = 0; c < width; c += TK_LANES) {
      const float *at = x + k * stride + c;
      size_t left = width - c;
      vf so_far = v_load(best + c);
      v_store(best + c,
              rows == TK_COLUMN_ROWS && left >= TK_LANES
                  ? column_extreme(largest, TK_COLUMN_ROWS, stride, at, TK_LANES, so_far)
                  : column_extreme(largest, rows, stride, at, left, so_far));
    }
  }
}

#endif
