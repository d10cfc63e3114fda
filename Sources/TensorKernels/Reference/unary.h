/* tk_unary.h for REAL, each formula in WIDE. */
#include <math.h>
#include <stddef.h>

#define TK_UNARY_LOOP(name, expression)                                     \
  static void T(name)(size_t n, double alpha, const void *from, void *to) { \
    const REAL *in = from;                                                  \
    REAL *out = to;                                                         \
    (void)alpha;                                                            \
    for (size_t i = 0; i < n; ++i) {                                        \
      WIDE x = (WIDE)in[i];                                                 \
      out[i] = (REAL)(expression);                                          \
    }                                                                       \
  }

TK_UNARY_LOOP(negate, -x)
TK_UNARY_LOOP(scale, (REAL)alpha * x)
TK_UNARY_LOOP(abs, fabs(x))
TK_UNARY_LOOP(exp, exp(x))
TK_UNARY_LOOP(log, log(x))
TK_UNARY_LOOP(sqrt, sqrt(x))
TK_UNARY_LOOP(rsqrt, 1 / sqrt(x))
TK_UNARY_LOOP(sin, sin(x))
TK_UNARY_LOOP(cos, cos(x))
TK_UNARY_LOOP(tanh, tanh(x))
TK_UNARY_LOOP(erf, erf(x))
TK_UNARY_LOOP(sigmoid, 1 / (1 + exp(-x)))
/* Smaller than zero becomes zero, so NaN, which compares false, stays. */
TK_UNARY_LOOP(relu, x < 0 ? 0 : x)
TK_UNARY_LOOP(leaky_relu, x > 0 ? x : (REAL)alpha * x)
TK_UNARY_LOOP(elu, x > 0 ? x : (REAL)alpha * expm1(x))
/* 1 + erf(x / sqrt 2) is erfc(-x / sqrt 2), which keeps its digits for negative x. */
TK_UNARY_LOOP(gelu, x == -INFINITY ? -0.0 : x * erfc(x * -0.70710678118654752440) / 2)
/* (1 + tanh u) / 2 is 1 / (1 + e^-2u); 2 sqrt(2 / pi) = 1.59... */
TK_UNARY_LOOP(gelu_tanh,
              x == -INFINITY
                  ? -0.0
                  : x / (1 + exp(-1.59576912160573071176 * (x + 0.044715 * x * x * x))))
TK_UNARY_LOOP(silu, x == -INFINITY ? -0.0 : x / (1 + exp(-x)))

#undef TK_UNARY_LOOP

/* x: what was saved, d: dy. */
#define TK_GRADIENT_LOOP(name, expression)                                                  \
  static void T(name##_gradient)(size_t n, double alpha, const void *saved, const void *dy, \
                                 void *dx) {                                                \
    const REAL *in = saved;                                                                 \
    const REAL *above = dy;                                                                 \
    REAL *out = dx;                                                                         \
    (void)alpha;                                                                            \
    for (size_t i = 0; i < n; ++i) {                                                        \
      WIDE x = (WIDE)in[i];                                                                 \
      WIDE d = (WIDE)above[i];                                                              \
      out[i] = (REAL)(expression);                                                          \
    }                                                                                       \
  }

/* What these two do not read may be NULL. */
static void T(negate_gradient)(size_t n, double alpha, const void *saved, const void *dy,
                               void *dx) {
  (void)saved;
  T(negate)(n, alpha, dy, dx);
}

static void T(scale_gradient)(size_t n, double alpha, const void *saved, const void *dy,
                              void *dx) {
  (void)saved;
  T(scale)(n, alpha, dy, dx);
}

/* The derivative of x / (1 + e^-u), where u has the derivative `slope`. With e = e^-|u| nothing
 * overflows. */
static inline WIDE T(gated_slope)(WIDE x, WIDE u, WIDE slope) {
  WIDE e = exp(-fabs(u));
  WIDE gate = (u < 0 ? e : 1) / (1 + e);
  /* Where e is 0, x may be infinite. */
  return e == 0 ? gate : gate + x * slope * e / ((1 + e) * (1 + e));
}

static inline WIDE T(gelu_slope)(WIDE x) {
  WIDE density = exp(-x * x / 2);
  WIDE share = erfc(x * -0.70710678118654752440) / 2;
  return density == 0 ? share : share + x * density * 0.39894228040143267794;
}

TK_GRADIENT_LOOP(abs, x > 0 ? d : (x < 0 ? -d : x * 0))
TK_GRADIENT_LOOP(exp, d * x)
TK_GRADIENT_LOOP(log, d / x)
TK_GRADIENT_LOOP(sqrt, d / (2 * x))
TK_GRADIENT_LOOP(rsqrt, -d * (x * x * x) / 2)
TK_GRADIENT_LOOP(sin, d * cos(x))
TK_GRADIENT_LOOP(cos, -d * sin(x))
TK_GRADIENT_LOOP(tanh, d * (1 - x * x))
TK_GRADIENT_LOOP(erf, d * 1.12837916709551257390 * exp(-x * x))
TK_GRADIENT_LOOP(sigmoid, d * x * (1 - x))
/* Not larger than zero includes NaN, so a NaN passes no gradient. */
TK_GRADIENT_LOOP(relu, x > 0 ? d : 0)
TK_GRADIENT_LOOP(leaky_relu, x > 0 ? d : (REAL)alpha * d)
TK_GRADIENT_LOOP(elu, x > 0 ? d : d * ((REAL)alpha * exp(x)))
TK_GRADIENT_LOOP(gelu, d * T(gelu_slope)(x))
TK_GRADIENT_LOOP(gelu_tanh,
                 d * T(gated_slope)(x, 1.59576912160573071176 * (x + 0.044715 * x * x * x),
                                   1.59576912160573071176 * (1 + 0.134145 * x * x)))
TK_GRADIENT_LOOP(silu, d * T(gated_slope)(x, x, 1))

#undef TK_GRADIENT_LOOP
