/* One number in, one number out: tk_unary.h. */
#include "map.h"

/* name_f32: `expression` of a vector `a` and of `alpha` in all lanes. */
#define TK_UNARY(name, expression)                                                 \
  static inline vf name##_vector(vf a, vf alpha) {                                 \
    (void)alpha;                                                                   \
    return expression;                                                             \
  }                                                                                \
  static void name##_f32(size_t n, double parameter, const void *from, void *to) { \
    const float *x = from;                                                         \
    float *y = to;                                                                 \
    const vf alpha = v_splat((float)parameter);                                    \
    TK_MAP(n, y, name##_vector(v_load(x + i), alpha),                              \
           name##_vector(v_load_tail(x + i, left, 1.0f), alpha));                  \
  }

/* name_gradient_f32: `expression` of what was saved, `a`, of dy, `d`, and of `alpha`. */
#define TK_UNARY_GRADIENT(name, expression)                                      \
  static inline vf name##_gradient_vector(vf a, vf d, vf alpha) {                \
    (void)alpha;                                                                 \
    return expression;                                                           \
  }                                                                              \
  static void name##_gradient_f32(size_t n, double parameter, const void *saved, \
                                  const void *dy, void *dx) {                    \
    const float *x = saved;                                                      \
    const float *from = dy;                                                      \
    float *y = dx;                                                               \
    const vf alpha = v_splat((float)parameter);                                  \
    TK_MAP(n, y, name##_gradient_vector(v_load(x + i), v_load(from + i), alpha), \
           name##_gradient_vector(v_load_tail(x + i, left, 1.0f),                \
                                  v_load_tail(from + i, left, 0.0f), alpha));    \
  }

static inline vf v_negate(vf a) { return (vf)((vi)a ^ v_splat_i((int32_t)0x80000000)); }

TK_UNARY(negate, v_negate(a))
TK_UNARY(scale, a * alpha)
TK_UNARY(abs, v_abs(a))
TK_UNARY(exp, v_exp(a))
TK_UNARY(log, v_log(a))
TK_UNARY(sqrt, v_sqrt(a))
TK_UNARY(rsqrt, v_splat(1.0f) / v_sqrt(a))
TK_UNARY(sin, v_sin(a))
TK_UNARY(cos, v_cos(a))
TK_UNARY(tanh, v_tanh(a))
TK_UNARY(erf, v_erf(a))
TK_UNARY(sigmoid, v_sigmoid(a))
/* NaN, the second operand, stays. */
TK_UNARY(relu, v_max(v_zero(), a))
TK_UNARY(leaky_relu, v_select(a > v_zero(), v_settled(a), alpha * a))
/* e^x - 1 is -1 long before -80. */
TK_UNARY(elu,
         v_select(a > v_zero(), a,
                  alpha * v_expm1_within(v_max(v_splat(-80.0f), v_min(v_zero(), a)))))
TK_UNARY(gelu, v_gelu(a))
TK_UNARY(gelu_tanh, v_gelu_tanh(a))
TK_UNARY(silu, v_silu(a))

/* What these two do not read may be NULL. */
static void negate_gradient_f32(size_t n, double parameter, const void *saved, const void *dy,
                                void *dx) {
  (void)saved;
  negate_f32(n, parameter, dy, dx);
}

static void scale_gradient_f32(size_t n, double parameter, const void *saved, const void *dy,
                               void *dx) {
  (void)saved;
  scale_f32(n, parameter, dy, dx);
}

/* 0 at 0, also where dy is not finite. */
TK_UNARY_GRADIENT(abs,
                  v_select(a > v_zero(), d, v_select(a < v_zero(), v_negate(d), a * v_zero())))
TK_UNARY_GRADIENT(exp, d * a)
TK_UNARY_GRADIENT(log, d / a)
TK_UNARY_GRADIENT(sqrt, d / (a + a))
TK_UNARY_GRADIENT(rsqrt, d * v_splat(-0.5f) * (a * a * a))
TK_UNARY_GRADIENT(sin, d * v_cos(a))
TK_UNARY_GRADIENT(cos, v_negate(d) * v_sin(a))
TK_UNARY_GRADIENT(tanh, d * v_fma(v_negate(a), a, v_splat(1.0f)))
TK_UNARY_GRADIENT(erf, d * v_splat(1.12837916709551257f) * v_exp(v_negate(a * a)))
TK_UNARY_GRADIENT(sigmoid, d * (a * (v_splat(1.0f) - a)))
/* Not larger than zero includes NaN, so a NaN passes no gradient. */
TK_UNARY_GRADIENT(relu, v_select(a > v_zero(), v_settled(d), v_zero()))
TK_UNARY_GRADIENT(leaky_relu, v_select(a > v_zero(), v_settled(d), alpha * d))
TK_UNARY_GRADIENT(elu, v_select(a > v_zero(), d, d * (alpha * v_exp(a))))
TK_UNARY_GRADIENT(gelu, d * v_gelu_slope(a))
TK_UNARY_GRADIENT(gelu_tanh, d * v_gelu_tanh_slope(a))
TK_UNARY_GRADIENT(silu, d * v_silu_slope(a))
