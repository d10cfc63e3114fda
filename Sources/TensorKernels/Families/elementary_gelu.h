/* x times the normal distribution function, and the approximation of it with tanh.
 *
 * With a = |x|, both signs come from the tail beyond a, T(a) = (1 - erf(a / sqrt 2)) / 2:
 * gelu(x) = max(x, 0) - a T(a), so negative x keep their digits. T(a) = 2^(c a^2) P(a) / Q(a) with
 * c = -1 / (2 ln 2) in f32: its rounding is made up for in P and Q. The result is within 12 ULP or
 * 2^-25; where it vanishes, the rounding of a^2 takes up to a^2 ULP. */

typedef struct v_normal {
  vf density; /* e^(-a^2/2) */
  vf above;   /* P and Q: T = density * above / below */
  vf below;
} v_normal;

/* a from 0 to 15, where T is 0 in f32, or NaN. */
static inline v_normal v_normal_parts(vf a) {
  const vf c = v_splat(-0.7213475f);
  vf square = a * a;
  vf shifted = v_fma(square, c, v_splat(TK_ROUNDING));
  v_power s = {.n = shifted - v_splat(TK_ROUNDING),
               .whole = (vi)shifted - (vi)v_splat(TK_ROUNDING)};
  s.r = v_fma(square, c, v_zero() - s.n);
  vf p = v_quartic(s.r, 0.693147004f, 0.240222454f, 0.0555071086f, 0.00967139378f, 0.00132697413f);
  v_normal t = {.density = v_scale(v_fma(p, s.r, v_splat(1.0f)), s)};
  t.above = v_fma(v_splat(0.39885816f), a, v_splat(2.90758491f));
  t.above = v_fma(t.above, a, v_splat(9.02027988f));
  t.above = v_fma(t.above, a, v_splat(12.8576288f));
  t.below = v_fma(a + v_splat(7.28062344f), a, v_splat(23.7243958f));
  t.below = v_fma(t.below, a, v_splat(38.5581551f));
  t.below = v_fma(t.below, a, v_splat(25.7152615f));
  return t;
}

static inline vf v_gelu(vf x) {
  vf a = v_min(v_splat(15.0f), v_abs(x));
  v_normal t = v_normal_parts(a);
  /* -0 for what is negative, so that a tail of 0 leaves the sign. */
  return v_max(v_splat(-0.0f), x) - a * t.above / t.below * t.density;
}

/* The derivative, T or 1 - T plus x times the density. */
static inline vf v_gelu_slope(vf x) {
  vf a = v_min(v_splat(15.0f), v_abs(x));
  v_normal t = v_normal_parts(a);
  vf low = (t.above / t.below - a * v_splat(0.398942280401432678f)) * t.density;
  return v_select(x < v_zero(), low, v_splat(1.0f) - low);
}

/* (1 + tanh(u)) / 2 is sigmoid(2u); the argument and its derivative. */
static inline vf v_gelu_tanh_argument(vf x) {
  return x * v_fma(x * x, v_splat(0.0713548162726f), v_splat(1.59576912160573f));
}

/* Within 8 ULP or 2^-25, whichever is larger: rounding the argument costs relative accuracy where
 * the result vanishes. At -Inf the limit, -0: below -10.5 the sigmoid is 0 anyway. */
static inline vf v_gelu_tanh(vf x) {
  x = v_max(v_splat(-11.0f), x);
  v_fraction s = v_sigmoid_parts(v_gelu_tanh_argument(x));
  return x * s.above / s.below;
}

static inline vf v_gelu_tanh_slope(vf x) {
  x = v_max(v_splat(-11.0f), v_min(v_splat(11.0f), x));
  v_fraction s = v_sigmoid_parts(v_gelu_tanh_argument(x));
  vf inner = v_fma(x * x, v_splat(3 * 0.0713548162726f), v_splat(1.59576912160573f));
  return v_fma(x * inner, v_sigmoid_slope(s), s.above / s.below);
}
