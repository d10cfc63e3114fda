/* What the row-wise families share: folding the lanes of a vector, and a row.
 *
 * f32 sums run in blocks of TK_BLOCK elements: at most 32 additions a lane, so that rounding stays
 * near one ULP; blocks meet in f64. */
#ifndef TK_ROW_H
#define TK_ROW_H

#include <math.h>

/* Independent sums: additions take 3 cycles, two start in each. */
#define TK_SUMS 8
#define TK_BLOCK (32 * TK_SUMS * TK_LANES)

/* Half of a usual third cache. */
#define TK_ROWS_STREAM_BYTES ((size_t)16 << 20)

#define TK_INLINE __attribute__((always_inline)) static inline

/* Rows that pass together. A row's maximum or sum takes tens of cycles to fold into one number,
 * which the next pass over it waits for; meanwhile the same pass over the next rows runs. */
#define TK_ROWS_TOGETHER 8

/* So few that they, the rows that are called into the cache after them and the results fill 30 KB
 * of the first cache, which has 32 or 48: more is slower than one row at a time. */
static inline size_t rows_together(size_t columns) {
  size_t fit = (size_t)10240 / (columns * sizeof(float) + 1);
  return fit < 1 ? 1 : fit < TK_ROWS_TOGETHER ? fit : TK_ROWS_TOGETHER;
}

/* The first of `left` elements that fit a vector. */
TK_INLINE vf v_load_part(const float *p, size_t left) {
  return left >= TK_LANES ? v_load(p) : v_load_tail(p, left, 0.0f);
}

TK_INLINE void v_store_part(float *p, size_t left, vf v) {
  if (left >= TK_LANES) {
    v_store(p, v);
  } else {
    v_store_tail(p, left, v);
  }
}

/* Whether rows of whole vectors are written past the caches: y is so large that little of it would
 * be left there, and to read its lines before they are overwritten is a third of the traffic. */
static inline int rows_stream(size_t rows, size_t columns, const void *x, const void *y) {
  return rows * columns >= TK_ROWS_STREAM_BYTES / sizeof(float) && columns % TK_LANES == 0 &&
         (uintptr_t)y % TK_VECTOR_BYTES == 0 && x != y;
}

/* Calls the line `ahead` elements after p into the cache; past the end of an array it does nothing,
 * so the address is a number. */
static inline void v_prefetch(const float *p, size_t ahead) {
  __builtin_prefetch((const void *)((uintptr_t)p + ahead * sizeof(float)));
}

/* Bits that order as whole numbers the way that numbers do. Its own inverse. */
static inline vi v_ordered(vi bits) { return bits ^ ((bits >> 31) & v_splat_i(0x7fffffff)); }

static inline float v_from_ordered(int32_t ordered) {
  int32_t bits = ordered ^ ((ordered >> 31) & 0x7fffffff);
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* The largest and smallest lane, where none is NaN. Whole numbers: clang has no fold of floats that
 * does not care for NaN. */
static inline float v_largest(vf v) {
  return v_from_ordered(__builtin_reduce_max(v_ordered((vi)v)));
}
static inline float v_smallest(vf v) {
  return v_from_ordered(__builtin_reduce_min(v_ordered((vi)v)));
}

static inline double vd_total(vd v) {
  for (size_t half = TK_HALF_LANES / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) v[i] += v[i + half];
  }
  return v[0];
}

static inline vd v_fold_wide(vf v) {
  v_pair wide = v_widen(v);
  return wide.low + wide.high;
}

static inline double v_total(vf v) { return vd_total(v_fold_wide(v)); }

/* The largest element, NaN left out; -Inf where nothing is left. */
static inline float row_max(size_t n, const float *x) {
  vf largest[4];
  for (size_t u = 0; u < 4; ++u) largest[u] = v_splat(-INFINITY);
  size_t i = 0;
  for (; i + 4 * TK_LANES <= n; i += 4 * TK_LANES) {
    for (size_t u = 0; u < 4; ++u) {
      largest[u] = v_max(v_load(x + i + u * TK_LANES), largest[u]);
    }
  }
  for (; i + TK_LANES <= n; i += TK_LANES) largest[0] = v_max(v_load(x + i), largest[0]);
  if (i < n) largest[1] = v_max(v_load_tail(x + i, n - i, -INFINITY), largest[1]);
  return v_largest(v_max(v_max(largest[0], largest[1]), v_max(largest[2], largest[3])));
}

TK_INLINE vf v_extreme(int largest, vf v, vf best) {
  return largest ? v_max(v, best) : v_min(v, best);
}

/* The largest or smallest of a row, NaN where there is one. */
TK_INLINE float row_extreme(int largest, size_t n, const float *x) {
  const float none = largest ? -INFINITY : INFINITY;
  vf best[4];
  for (size_t u = 0; u < 4; ++u) best[u] = v_splat(none);
  vi nan = v_splat_i(0);
  size_t i = 0;
  for (; i + 4 * TK_LANES <= n; i += 4 * TK_LANES) {
    for (size_t u = 0; u < 4; u += 2) {
      vf a = v_load(x + i + u * TK_LANES);
      vf b = v_load(x + i + (u + 1) * TK_LANES);
      /* One comparison for two vectors: is either no number? */
      nan |= (a != a) | (b != b);
      best[u] = v_extreme(largest, a, best[u]);
      best[u + 1] = v_extreme(largest, b, best[u + 1]);
    }
  }
  for (; i < n; i += TK_LANES) {
    vf v = n - i < TK_LANES ? v_load_tail(x + i, n - i, none) : v_load(x + i);
    nan |= v != v;
    best[0] = v_extreme(largest, v, best[0]);
  }
  if (v_any(nan)) return NAN;
  best[0] = v_extreme(largest, v_extreme(largest, best[0], best[1]),
                      v_extreme(largest, best[2], best[3]));
  return largest ? v_largest(best[0]) : v_smallest(best[0]);
}

/* y = factor x; y may be x. */
static inline void row_scale(size_t n, float factor, const float *x, float *y) {
  const vf f = v_splat(factor);
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) v_store(y + i, v_load(x + i) * f);
  if (i < n) v_store_tail(y + i, n - i, v_load_tail(x + i, n - i, 0.0f) * f);
}

/* y += factor x */
static inline void row_add_scaled(size_t n, float factor, const float *x, float *y) {
  const vf f = v_splat(factor);
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) {
    v_store(y + i, v_fma(f, v_load(x + i), v_load(y + i)));
  }
  if (i < n) {
    size_t left = n - i;
    vf sum = v_fma(f, v_load_tail(x + i, left, 0.0f), v_load_tail(y + i, left, 0.0f));
    v_store_tail(y + i, left, sum);
  }
}

#endif
