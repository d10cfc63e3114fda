/* Reductions of the middle axis of [outer, n, inner]: rows where inner is 1, else columns. */
#include "row.h"

#include "row_exp.h"

#include "total.h"

#include "moments.h"

#include "columns.h"

#include "arg.h"

/* Runs `row`, which reduces the n numbers of x to *y, or `columns`, which reduces `width` columns
 * from x + start into y + start, over all of [outer, n, inner]. */
#define TK_REDUCE(row, columns)                                           \
  do {                                                                    \
    float *y = y_;                                                        \
    for (size_t o = 0; o < outer; ++o, y += inner) {                      \
      const float *x = (const float *)x_ + o * n * inner;                 \
      if (inner == 1) {                                                   \
        row;                                                              \
        continue;                                                         \
      }                                                                   \
      for (size_t start = 0; start < inner; start += TK_TILE) {           \
        size_t width = inner - start < TK_TILE ? inner - start : TK_TILE; \
        columns;                                                          \
      }                                                                   \
    }                                                                     \
  } while (0)

static inline void store_wide(size_t width, const v_pair *sums, float *y) {
  for (size_t c = 0; c < width; c += TK_LANES) {
    v_store_part(y + c, width - c, v_narrow(sums[c / TK_LANES]));
  }
}

TK_INLINE void columns_total(int kind, size_t n, size_t stride, size_t width, const float *x,
                             float *y) {
  v_pair sums[TK_TILE / TK_LANES];
  tile_sums(kind, n, stride, width, x, NULL, sums);
  store_wide(width, sums, y);
}

static void reduce_sum_f32(size_t outer, size_t n, size_t inner, const void *x_, void *y_) {
  TK_REDUCE(*y = (float)sum_f32(n, x),
            columns_total(TK_COLUMN_SUM, n, inner, width, x + start, y + start));
}

static void reduce_sum_squares_f32(size_t outer, size_t n, size_t inner, const void *x_, void *y_) {
  TK_REDUCE(*y = (float)sum_squares_f32(n, x),
            columns_total(TK_COLUMN_SQUARES, n, inner, width, x + start, y + start));
}

TK_INLINE void columns_extreme(int largest, size_t n, size_t stride, size_t width, const float *x,
                               float *y) {
  float best[TK_TILE];
  tile_extremes(largest, n, stride, width, x, best);
  memcpy(y, best, width * sizeof *y);
}

static void reduce_max_f32(size_t outer, size_t n, size_t inner, const void *x_, void *y_) {
  TK_REDUCE(*y = row_extreme(1, n, x), columns_extreme(1, n, inner, width, x + start, y + start));
}

static void reduce_min_f32(size_t outer, size_t n, size_t inner, const void *x_, void *y_) {
  TK_REDUCE(*y = row_extreme(0, n, x), columns_extreme(0, n, inner, width, x + start, y + start));
}

/* An infinite maximum is the result, since Inf - Inf would be NaN; and NaN is too. */
static float row_logsumexp(size_t n, const float *x) {
  float largest = row_extreme(1, n, x);
  if (!isfinite(largest)) return largest;
  return (float)((double)largest + log(row_exp(n, largest, x, NULL, 0)));
}

static void columns_logsumexp(size_t n, size_t stride, size_t width, const float *x, float *y) {
  float largest[TK_TILE];
  v_pair sums[TK_TILE / TK_LANES];
  tile_extremes(1, n, stride, width, x, largest);
  tile_sums(TK_COLUMN_EXP, n, stride, width, x, largest, sums);
  for (size_t c = 0; c < width; c += TK_LANES) {
    vf m = v_load(largest + c);
    vf result = m + v_log(v_narrow(sums[c / TK_LANES]));
    v_store_part(y + c, width - c, v_select(v_abs(m) < v_splat(INFINITY), result, m));
  }
}

static void reduce_logsumexp_f32(size_t outer, size_t n, size_t inner, const void *x_, void *y_) {
  TK_REDUCE(*y = row_logsumexp(n, x), columns_logsumexp(n, inner, width, x + start, y + start));
}

/* Distances are taken from the mean as rounded to f32: n times the square of what that rounded away
 * is too much. */
static void columns_variance(size_t n, size_t stride, size_t width, const float *x, float *y) {
  const vd count = vd_splat((double)n);
  float centres[TK_TILE];
  v_pair means[TK_TILE / TK_LANES];
  v_pair sums[TK_TILE / TK_LANES];
  tile_sums(TK_COLUMN_SUM, n, stride, width, x, NULL, means);
  for (size_t c = 0; c < width; c += TK_LANES) {
    v_pair *mean = &means[c / TK_LANES];
    mean->low /= count;
    mean->high /= count;
    v_store(centres + c, v_narrow(*mean));
  }
  tile_sums(TK_COLUMN_APART, n, stride, width, x, centres, sums);
  for (size_t c = 0; c < width; c += TK_LANES) {
    v_pair mean = means[c / TK_LANES];
    v_pair centre = v_widen(v_load(centres + c));
    v_pair sum = sums[c / TK_LANES];
    sum.low -= count * (mean.low - centre.low) * (mean.low - centre.low);
    sum.high -= count * (mean.high - centre.high) * (mean.high - centre.high);
    vf variance = v_narrow(sum);
    /* Rounding alone makes it negative; NaN stays. */
    v_store_part(y + c, width - c, v_max(v_zero(), variance));
  }
}

static void reduce_variance_f32(size_t outer, size_t n, size_t inner, const void *x_, void *y_) {
  if (n == 0) {
    memset(y_, 0, outer * inner * sizeof(float));
    return;
  }
  TK_REDUCE(*y = (float)row_moments_around(n, row_centre(n, x), x, 0).squares,
            columns_variance(n, inner, width, x + start, y + start));
}
