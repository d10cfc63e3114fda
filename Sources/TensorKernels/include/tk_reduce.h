/* tk_reduce.h: many numbers become few. x is [outer, n, inner], dense; the middle axis is reduced:
 * y is [outer, inner]. inner = 1 reduces rows, outer = 1 columns. y must not overlap x.
 *
 * f32 is summed in vector sums of short blocks that are added up in f64, so that the error does not
 * grow with n; whole numbers wrap around. The order of additions depends on the sizes only. */
#ifndef TK_REDUCE_H
#define TK_REDUCE_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
  TK_SUM,         /* 0 for n = 0 */
  TK_SUM_SQUARES, /* floating point only */
  TK_MAX,         /* NaN where there is one; n > 0 */
  TK_MIN,
  TK_LOGSUMEXP, /* floating point only: max + log(sum of exp(x - max)); -Inf for n = 0 and for all
                   -Inf; +Inf for a +Inf without NaN */
  TK_VARIANCE,  /* floating point only: sum of (x - mean)^2, in two passes; NOT divided */
  TK_REDUCE_COUNT
};

enum { TK_ARGMAX, TK_ARGMIN, TK_ARG_COUNT };

typedef void (*tk_reduce_fn)(size_t outer, size_t n, size_t inner, const void *x, void *y);
/* Positions along the middle axis: the first of equals, the first NaN where there is one. n > 0 */
typedef void (*tk_arg_fn)(size_t outer, size_t n, size_t inner, const void *x, int64_t *y);

typedef struct tk_reduce_kernels {
  tk_reduce_fn _Nullable values[TK_REDUCE_COUNT];
  tk_arg_fn _Nullable positions[TK_ARG_COUNT];
  /* Floating point only: the plain sums of an array, in f64, in the same way; partial results of
   * blocks can be added up. */
  double (*_Nullable sum)(size_t n, const void *x);
  double (*_Nullable sum_squares)(size_t n, const void *x);
  double (*_Nullable dot)(size_t n, const void *a, const void *b);
} tk_reduce_kernels;

static inline tk_reduce_fn _Nullable tk_reduce_values(const tk_reduce_kernels *table, int32_t op) {
  return table->values[op];
}
static inline tk_arg_fn _Nullable tk_reduce_positions(const tk_reduce_kernels *table, int32_t op) {
  return table->positions[op];
}

#pragma clang assume_nonnull end

#endif
