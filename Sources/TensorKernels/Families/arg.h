/* Positions of the largest and smallest.
 *
 * A row is searched by blocks that fit the first cache. Only where a block beats all before it is
 * its number kept; the position within is sought once, at the end, in the best block alone. */
#ifndef TK_ARG_H
#define TK_ARG_H

#include "columns.h"

#define TK_ARG_BLOCK 4096

/* The first lane whose mask is set, TK_LANES where none is. */
static inline size_t v_first(vi mask) {
  typedef uint32_t vu __attribute__((vector_size(TK_VECTOR_BYTES)));
  int32_t lanes[TK_LANES];
  for (size_t i = 0; i < TK_LANES; ++i) lanes[i] = (int32_t)i;
  vi lane;
  memcpy(&lane, lanes, sizeof lane);
  size_t first = __builtin_reduce_min((vu)(lane | ~mask));
  return first < TK_LANES ? first : TK_LANES;
}

/* The first position of `wanted`, or of NaN where `wanted` is NaN; it is there. */
static inline size_t find(size_t n, const float *x, float wanted) {
  const vf w = v_splat(wanted);
  const vi is_nan = w != w;
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) {
    vf v = v_load(x + i);
    vi found = (v == w) | ((v != v) & is_nan);
    if (v_any(found)) return i + v_first(found);
  }
  vf v = v_load_tail(x + i, n - i, 0.0f);
  return i + v_first((v == w) | ((v != v) & is_nan));
}

TK_INLINE int64_t row_arg(int largest, size_t n, const float *x) {
  size_t best_start = 0;
  float best = 0;
  for (size_t start = 0; start < n; start += TK_ARG_BLOCK) {
    size_t width = n - start < TK_ARG_BLOCK ? n - start : TK_ARG_BLOCK;
    float v = row_extreme(largest, width, x + start);
    if (v != v) return (int64_t)(start + find(width, x + start, v));
    if (start == 0 || (largest ? v > best : v < best)) {
      best_start = start;
      best = v;
    }
  }
  size_t left = n - best_start;
  size_t width = left < TK_ARG_BLOCK ? left : TK_ARG_BLOCK;
  return (int64_t)(best_start + find(width, x + best_start, best));
}

/* Positions in 32 bits, from the first row of a run of at most this many. */
#define TK_ARG_RUN ((size_t)1 << 30)

/* The best so far of a vector of columns, and where it stood. */
typedef struct v_best {
  vf value;
  vi position;
} v_best;

TK_INLINE v_best column_best(int largest, size_t rows, size_t stride, const float *x, size_t left,
                             int32_t first, v_best best) {
  for (size_t u = 0; u < rows; ++u) {
    vf v = v_load_part(x + u * stride, left);
    vi better = largest ? v > best.value : v < best.value;
    /* The first NaN beats all numbers, and nothing beats it. */
    better |= (v != v) & (best.value == best.value);
    vi position = v_splat_i(first + (int32_t)u);
    best.value = v_select(better, v, best.value);
    best.position = (better & position) | (~better & best.position);
  }
  return best;
}

TK_INLINE void tile_arg(int largest, size_t n, size_t stride, size_t width, const float *x,
                        int64_t *y) {
  v_best tile[TK_TILE / TK_LANES];
  for (size_t c = 0; c < width; c += TK_LANES) {
    tile[c / TK_LANES].value = v_load_part(x + c, width - c);
  }
  for (size_t c = 0; c < width; ++c) y[c] = 0;
  for (size_t start = 0; start < n; start += TK_ARG_RUN) {
    size_t end = n - start < TK_ARG_RUN ? n : start + TK_ARG_RUN;
    for (size_t c = 0; c < width; c += TK_LANES) tile[c / TK_LANES].position = v_splat_i(-1);
    for (size_t k = start; k < end; k += TK_COLUMN_ROWS) {
      size_t rows = end - k < TK_COLUMN_ROWS ? end - k : TK_COLUMN_ROWS;
      int32_t first = (int32_t)(k - start);
      for (size_t c = 0; c < width; c += TK_LANES) {
        const float *at = x + k * stride + c;
        size_t left = width - c;
        v_best *best = &tile[c / TK_LANES];
        *best = rows == TK_COLUMN_ROWS && left >= TK_LANES
                    ? column_best(largest, TK_COLUMN_ROWS, stride, at, TK_LANES, first, *best)
                    : column_best(largest, rows, stride, at, left, first, *best);
      }
    }
    for (size_t c = 0; c < width; ++c) {
      int32_t position = tile[c / TK_LANES].position[c % TK_LANES];
      if (position >= 0) y[c] = (int64_t)start + position;
    }
  }
}

TK_INLINE void arg(int largest, size_t outer, size_t n, size_t inner, const float *x, int64_t *y) {
  for (size_t o = 0; o < outer; ++o, x += n * inner, y += inner) {
    if (inner == 1) {
      *y = row_arg(largest, n, x);
      continue;
    }
    for (size_t c = 0; c < inner; c += TK_TILE) {
      tile_arg(largest, n, inner, inner - c < TK_TILE ? inner - c : TK_TILE, x + c, y + c);
    }
  }
}

static void argmax_f32(size_t outer, size_t n, size_t inner, const void *x, int64_t *y) {
  arg(1, outer, n, inner, x, y);
}

static void argmin_f32(size_t outer, size_t n, size_t inner, const void *x, int64_t *y) {
  arg(0, outer, n, inner, x, y);
}

#endif
