/* Mean and spread of a row. */
#ifndef TK_MOMENTS_H
#define TK_MOMENTS_H

#include "total.h"

/* Mean and sum of squared distances from it. The mean of f32 sums may be off by an ULP, which in a
 * row of equal numbers would be all that normalising shows; so distances are taken from `centre`,
 * near the mean, and their own sum says where the mean lies. */
typedef struct row_moments {
  float centre;
  double rest; /* mean - centre */
  double squares;
} row_moments;

static inline float row_centre(size_t n, const float *x) {
  return (float)(total(TK_TOTAL_SUM, n, x, NULL) / (double)n);
}

/* `ahead` as in row_exp. */
TK_INLINE row_moments row_moments_around(size_t n, float around, const float *x, size_t ahead) {
  row_moments m = {.centre = around};
  const vf centre = v_splat(m.centre);
  vd apart = (vd){0};
  vd squares = (vd){0};
  for (size_t i = 0; i < n;) {
    size_t end = n - i <= TK_BLOCK ? n : i + TK_BLOCK;
    vf sums[4];
    vf square_sums[4];
    for (size_t u = 0; u < 4; ++u) sums[u] = square_sums[u] = v_zero();
    for (; i + 4 * TK_LANES <= end; i += 4 * TK_LANES) {
      for (size_t u = 0; u < 4; ++u) {
        if (ahead) v_prefetch(x + i + u * TK_LANES, ahead);
        vf d = v_load(x + i + u * TK_LANES) - centre;
        sums[u] += d;
        square_sums[u] = v_fma(d, d, square_sums[u]);
      }
    }
    for (; i + TK_LANES <= end; i += TK_LANES) {
      vf d = v_load(x + i) - centre;
      sums[0] += d;
      square_sums[0] = v_fma(d, d, square_sums[0]);
    }
    if (i < end) {
      vf d = v_load_tail(x + i, end - i, m.centre) - centre;
      sums[1] += d;
      square_sums[1] = v_fma(d, d, square_sums[1]);
      i = end;
    }
    apart += v_fold_wide((sums[0] + sums[1]) + (sums[2] + sums[3]));
    squares += v_fold_wide((square_sums[0] + square_sums[1]) + (square_sums[2] + square_sums[3]));
  }
  double sum = vd_total(apart);
  m.rest = sum / (double)n;
  m.squares = vd_total(squares) - sum * m.rest;
  /* Rounding alone; NaN stays. */
  if (m.squares < 0) m.squares = 0;
  return m;
}

#endif
