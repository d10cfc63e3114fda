/* The exponentials of a row, for softmax, logsumexp and cross-entropy. */
#ifndef TK_ROW_EXP_H
#define TK_ROW_EXP_H

#include "row.h"

/* e^x for x <= 0 or NaN, within 1 ULP: what v_exp does, less two operations of its sixteen. */
static inline vf v_exp_below(vf x) {
  v_power s = v_split(v_max(v_splat(-105.0f), x));
  vf p = v_splat(0.00138201355f);
  p = v_fma(p, s.r, v_splat(0.00836868584f));
  p = v_fma(p, s.r, v_splat(0.0416682735f));
  p = v_fma(p, s.r, v_splat(0.166665211f));
  p = v_fma(p, s.r, v_splat(0.49999994f));
  p = v_fma(p, s.r, v_splat(1.0f));
  return v_scale(v_fma(p, s.r, v_splat(1.0f)), s);
}

/* The sum of exp(x - shift), where no x is above shift; y takes the summands unless it is NULL, and
 * may be x. NaN shows in the sum, and where shift is infinite it is NaN. Computing leaves the
 * memory idle, so lines `ahead` elements further on are called into the cache; 0: none. */
TK_INLINE double row_exp(size_t n, float shift, const float *x, float *y, size_t ahead) {
  const vf m = v_splat(shift);
  vd total = (vd){0};
  for (size_t i = 0; i < n;) {
    size_t end = n - i <= TK_BLOCK ? n : i + TK_BLOCK;
    vf sums[2] = {v_zero(), v_zero()};
    for (; i + 2 * TK_LANES <= end; i += 2 * TK_LANES) {
      for (size_t u = 0; u < 2; ++u) {
        size_t at = i + u * TK_LANES;
        if (ahead) v_prefetch(x + at, ahead);
        vf e = v_exp_below(v_load(x + at) - m);
        sums[u] += e;
        if (y) v_store(y + at, e);
      }
    }
    if (i + TK_LANES <= end) {
      vf e = v_exp_below(v_load(x + i) - m);
      sums[0] += e;
      if (y) v_store(y + i, e);
      i += TK_LANES;
    }
    if (i < end) {
      /* Lanes past the end hold exp(-Inf) = 0. */
      vf e = v_exp_below(v_load_tail(x + i, end - i, -INFINITY) - m);
      sums[1] += e;
      if (y) v_store_tail(y + i, end - i, e);
      i = end;
    }
    total += v_fold_wide(sums[0] + sums[1]);
  }
  return vd_total(total);
}

#endif
