/* tk_unary.h for whole numbers: negate and abs. Computed in WIDE, which has no sign, so that the
 * smallest number, which has no negative, wraps around to itself. */
#include <stddef.h>
#include <stdint.h>

static void T(negate)(size_t n, double alpha, const void *from, void *to) {
  const REAL *x = from;
  REAL *y = to;
  (void)alpha;
  for (size_t i = 0; i < n; ++i) y[i] = (REAL)(WIDE)(0 - (WIDE)x[i]);
}

static void T(abs)(size_t n, double alpha, const void *from, void *to) {
  const REAL *x = from;
  REAL *y = to;
  (void)alpha;
  for (size_t i = 0; i < n; ++i) {
#if TK_IS_SIGNED
    y[i] = x[i] < 0 ? (REAL)(WIDE)(0 - (WIDE)x[i]) : x[i];
#else
    y[i] = x[i];
#endif
  }
}
