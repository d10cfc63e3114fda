/* Reference for tk_reduce.h, as a template; see types.h.
 *
 * One loop serves all shapes: columns side by side, so that the compiler can vectorise over them. A
 * row is read as the columns of a narrow matrix whose results are then folded into one. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#undef IS_NAN
#undef LOWEST
#undef HIGHEST
#if TK_IS_REAL
#define IS_NAN(v) ((v) != (v))
#define LOWEST ((REAL)-INFINITY)
#define HIGHEST ((REAL)INFINITY)
#else
#define IS_NAN(v) 0
/* The sign bit alone, or nothing where there is no sign. */
#define LOWEST ((REAL)(TK_IS_SIGNED ? (uint64_t)1 << (8 * sizeof(REAL) - 1) : 0))
#define HIGHEST ((REAL)~LOWEST)
#endif

/* Columns that are folded side by side, and the width a row is folded at. */
#ifndef TK_REFERENCE_TILE
#define TK_REFERENCE_TILE 64
#define TK_REFERENCE_LANES 16
#endif

typedef WIDE (*T(step))(WIDE so_far, REAL v);

/* Sums wrap around: WIDE has no sign for whole numbers. */
static inline WIDE T(step_sum)(WIDE so_far, REAL v) { return (WIDE)(so_far + (WIDE)v); }

/* NaN stays: no number is larger. */
static inline WIDE T(step_max)(WIDE so_far, REAL v) {
  return v > (REAL)so_far || IS_NAN(v) ? (WIDE)v : so_far;
}

static inline WIDE T(step_min)(WIDE so_far, REAL v) {
  return v < (REAL)so_far || IS_NAN(v) ? (WIDE)v : so_far;
}

/* sums[c] = step(sums[c], x[k, c]) for all k. Inlined with `step`, which is then no call. */
__attribute__((always_inline)) static inline void T(fold)(size_t n, size_t stride, size_t width,
                                                          const REAL *x, WIDE *sums,
                                                          T(step) step) {
  for (size_t k = 0; k < n; ++k) {
    for (size_t c = 0; c < width; ++c) sums[c] = step(sums[c], x[k * stride + c]);
  }
}

/* `again` folds results: for sums of f(x) it is the plain sum. */
__attribute__((always_inline)) static inline WIDE T(fold_row)(size_t n, const REAL *x, WIDE first,
                                                              T(step) step,
                                                              WIDE (*again)(WIDE, WIDE)) {
  WIDE lanes[TK_REFERENCE_LANES];
  for (size_t c = 0; c < TK_REFERENCE_LANES; ++c) lanes[c] = first;
  size_t whole = n / TK_REFERENCE_LANES;
  size_t done = whole * TK_REFERENCE_LANES;
  T(fold)(whole, TK_REFERENCE_LANES, TK_REFERENCE_LANES, x, lanes, step);
  T(fold)(1, 0, n - done, x + done, lanes, step);
  WIDE result = first;
  for (size_t c = 0; c < TK_REFERENCE_LANES; ++c) result = again(result, lanes[c]);
  return result;
}

__attribute__((always_inline)) static inline void T(reduce)(size_t outer, size_t n, size_t inner,
                                                            const REAL *x, REAL *y, WIDE first,
                                                            T(step) step,
                                                            WIDE (*again)(WIDE, WIDE)) {
  for (size_t o = 0; o < outer; ++o, x += n * inner, y += inner) {
    if (inner == 1) {
      *y = (REAL)T(fold_row)(n, x, first, step, again);
      continue;
    }
    for (size_t start = 0; start < inner; start += TK_REFERENCE_TILE) {
      size_t left = inner - start;
      size_t width = left < TK_REFERENCE_TILE ? left : TK_REFERENCE_TILE;
      WIDE tile[TK_REFERENCE_TILE];
      for (size_t c = 0; c < width; ++c) tile[c] = first;
      T(fold)(n, inner, width, x + start, tile, step);
      for (size_t c = 0; c < width; ++c) y[start + c] = (REAL)tile[c];
    }
  }
}

static inline WIDE T(again_sum)(WIDE a, WIDE b) { return (WIDE)(a + b); }
static inline WIDE T(again_max)(WIDE a, WIDE b) { return T(step_max)(a, (REAL)b); }
static inline WIDE T(again_min)(WIDE a, WIDE b) { return T(step_min)(a, (REAL)b); }

static void T(reduce_sum)(size_t outer, size_t n, size_t inner, const void *x, void *y) {
  T(reduce)(outer, n, inner, x, y, 0, T(step_sum), T(again_sum));
}

static void T(reduce_max)(size_t outer, size_t n, size_t inner, const void *x, void *y) {
  T(reduce)(outer, n, inner, x, y, (WIDE)LOWEST, T(step_max), T(again_max));
}

static void T(reduce_min)(size_t outer, size_t n, size_t inner, const void *x, void *y) {
  T(reduce)(outer, n, inner, x, y, (WIDE)HIGHEST, T(step_min), T(again_min));
}

static void T(argmax)(size_t outer, size_t n, size_t inner, const void *x_, int64_t *y) {
  for (size_t o = 0; o < outer; ++o) {
    for (size_t c = 0; c < inner; ++c) {
      const REAL *x = (const REAL *)x_ + o * n * inner + c;
      size_t best = 0;
      for (size_t k = 1; k < n && !IS_NAN(x[best * inner]); ++k) {
        if (x[k * inner] > x[best * inner] || IS_NAN(x[k * inner])) best = k;
      }
      y[o * inner + c] = (int64_t)best;
    }
  }
}

static void T(argmin)(size_t outer, size_t n, size_t inner, const void *x_, int64_t *y) {
  for (size_t o = 0; o < outer; ++o) {
    for (size_t c = 0; c < inner; ++c) {
      const REAL *x = (const REAL *)x_ + o * n * inner + c;
      size_t best = 0;
      for (size_t k = 1; k < n && !IS_NAN(x[best * inner]); ++k) {
        if (x[k * inner] < x[best * inner] || IS_NAN(x[k * inner])) best = k;
      }
      y[o * inner + c] = (int64_t)best;
    }
  }
}

#if TK_IS_REAL
static inline WIDE T(step_sum_squares)(WIDE so_far, REAL v) {
  return so_far + (WIDE)v * (WIDE)v;
}

static double T(sum)(size_t n, const void *x) {
  return T(fold_row)(n, x, 0, T(step_sum), T(again_sum));
}

static double T(sum_squares)(size_t n, const void *x) {
  return T(fold_row)(n, x, 0, T(step_sum_squares), T(again_sum));
}

static double T(dot)(size_t n, const void *a_, const void *b_) {
  const REAL *a = a_;
  const REAL *b = b_;
  double lanes[TK_REFERENCE_LANES] = {0};
  for (size_t i = 0; i < n; i += TK_REFERENCE_LANES) {
    size_t width = n - i < TK_REFERENCE_LANES ? n - i : TK_REFERENCE_LANES;
    for (size_t c = 0; c < width; ++c) lanes[c] += (double)a[i + c] * (double)b[i + c];
  }
  double sum = 0;
  for (size_t c = 0; c < TK_REFERENCE_LANES; ++c) sum += lanes[c];
  return sum;
}

static void T(reduce_sum_squares)(size_t outer, size_t n, size_t inner, const void *x, void *y) {
  T(reduce)(outer, n, inner, x, y, 0, T(step_sum_squares), T(again_sum));
}

static void T(reduce_logsumexp)(size_t outer, size_t n, size_t inner, const void *x_, void *y_) {
  REAL *y = y_;
  for (size_t o = 0; o < outer; ++o) {
    for (size_t c = 0; c < inner; ++c) {
      const REAL *x = (const REAL *)x_ + o * n * inner + c;
      double largest = -INFINITY;
      for (size_t k = 0; k < n; ++k) largest = T(step_max)(largest, x[k * inner]);
      double sum = 0;
      for (size_t k = 0; k < n; ++k) sum += exp((double)x[k * inner] - largest);
      /* Inf - Inf would be NaN: an infinite maximum is the result, and NaN is too. */
      y[o * inner + c] = (REAL)(isfinite(largest) ? largest + log(sum) : largest);
    }
  }
}

static void T(reduce_variance)(size_t outer, size_t n, size_t inner, const void *x_, void *y_) {
  REAL *y = y_;
  for (size_t o = 0; o < outer; ++o) {
    for (size_t c = 0; c < inner; ++c) {
      const REAL *x = (const REAL *)x_ + o * n * inner + c;
      double mean = 0;
      for (size_t k = 0; k < n; ++k) mean += (double)x[k * inner];
      mean /= (double)n;
      double sum = 0;
      for (size_t k = 0; k < n; ++k) {
        double apart = (double)x[k * inner] - mean;
        sum += apart * apart;
      }
      y[o * inner + c] = (REAL)sum;
    }
  }
}
#endif
