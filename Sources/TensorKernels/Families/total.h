/* Sums of arrays in f64: x, x squared, a times b. */
#ifndef TK_TOTAL_H
#define TK_TOTAL_H

#include "row.h"

enum { TK_TOTAL_SUM, TK_TOTAL_SQUARES, TK_TOTAL_DOT };

TK_INLINE vf v_add_term(int kind, vf a, vf b, vf sum) {
  return kind == TK_TOTAL_SUM ? sum + a : v_fma(a, kind == TK_TOTAL_SQUARES ? a : b, sum);
}

TK_INLINE double total(int kind, size_t n, const float *a, const float *b) {
  vd blocks = (vd){0};
  for (size_t i = 0; i < n;) {
    size_t end = n - i <= TK_BLOCK ? n : i + TK_BLOCK;
    vf sums[TK_SUMS];
    for (size_t u = 0; u < TK_SUMS; ++u) sums[u] = v_zero();
    for (; i + TK_SUMS * TK_LANES <= end; i += TK_SUMS * TK_LANES) {
      for (size_t u = 0; u < TK_SUMS; ++u) {
        size_t at = i + u * TK_LANES;
        sums[u] = v_add_term(kind, v_load(a + at), b ? v_load(b + at) : v_zero(), sums[u]);
      }
    }
    for (; i + TK_LANES <= end; i += TK_LANES) {
      sums[0] = v_add_term(kind, v_load(a + i), b ? v_load(b + i) : v_zero(), sums[0]);
    }
    if (i < end) {
      size_t left = end - i;
      vf last = b ? v_load_tail(b + i, left, 0.0f) : v_zero();
      sums[1] = v_add_term(kind, v_load_tail(a + i, left, 0.0f), last, sums[1]);
      i = end;
    }
    for (size_t step = TK_SUMS / 2; step > 0; step /= 2) {
      for (size_t u = 0; u < step; ++u) sums[u] += sums[u + step];
    }
    blocks += v_fold_wide(sums[0]);
  }
  return vd_total(blocks);
}

static double sum_f32(size_t n, const void *x) { return total(TK_TOTAL_SUM, n, x, NULL); }

static double sum_squares_f32(size_t n, const void *x) {
  return total(TK_TOTAL_SQUARES, n, x, NULL);
}

static double dot_f32(size_t n, const void *a, const void *b) {
  return total(TK_TOTAL_DOT, n, a, b);
}

#endif
