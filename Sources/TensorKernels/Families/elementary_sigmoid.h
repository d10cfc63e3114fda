/* tanh, and what is made of 1 / (1 + e^-x). */

/* tanh x = y = h / (h + 1) with h = (e^2x - 1) / 2, within 2 ULP.
 *
 * 2x = n ln 2 + r with n rounded so that r is from -0.145 to 0.552. Where n = 0, h = r / 2 + q, and
 * h - h y, summed from its small parts, sheds the rounding of h and of the quotient. From
 * |x| = 0.275 on these stay within 2 ULP by themselves. */
static inline vf v_tanh(vf x) {
  const vf half = v_splat(0.5f);
  /* From 9.02 on the result rounds to 1. */
  vf a = v_min(v_splat(10.0f), v_abs(x));
  /* 2 log2 e, and what moves the rounding. */
  vf steps = v_fma(a, v_splat(2 * 1.44269504088896341f), v_splat(-0.2935f));
  v_power s = v_split_shifted(steps + v_splat(TK_ROUNDING), a + a);
  vf q = s.r * s.r * v_quartic(s.r, 0.24999994f, 0.0833343565f, 0.0208358094f, 0.00411858642f,
                               0.000826607808f);
  vf half_scale = v_power_of_two(s.whole - v_splat_i(1));
  vf h = v_fma(half_scale, v_fma(q, v_splat(2.0f), s.r), half_scale - half);
  vf below = h + v_splat(1.0f);
  vf y = h / below;
#if TK_FUSED
  vf near = v_fma(s.r, half, v_fma(v_zero() - h, y, q));
#else
  /* One rounding more in h y: in return y sheds what `below` lost, 1 / (h + 1) being 1 - y. */
  vf lost = h - (below - v_splat(1.0f));
  vf near = s.r * half + (q - h * (y - y * lost * (v_splat(1.0f) - y)));
#endif
  return v_with_sign(v_select(a < v_splat(0.2745f), near, y), x);
}

/* The sigmoid as a fraction of numbers that cannot overflow: e = e^-|x| is at most 1. */
typedef struct v_fraction {
  vf e;
  vf above; /* e or 1 */
  vf below; /* 1 + e */
} v_fraction;

static inline v_fraction v_sigmoid_parts(vf x) {
  vf e = v_exp(v_zero() - v_abs(x));
  return (v_fraction){.e = e,
                      .above = v_select(x < v_zero(), e, v_splat(1.0f)),
                      .below = v_splat(1.0f) + e};
}

/* Within 3 ULP, as e^x and two more roundings are. */
static inline vf v_sigmoid(vf x) {
  v_fraction s = v_sigmoid_parts(x);
  return s.above / s.below;
}

/* x sigmoid(x), within 4 ULP, or 2^-142 where the sigmoid is subnormal. At -Inf the limit, -0:
 * below -104 the sigmoid is 0 anyway. */
static inline vf v_silu(vf x) {
  x = v_max(v_splat(-110.0f), x);
  v_fraction s = v_sigmoid_parts(x);
  return x * s.above / s.below;
}

/* sigmoid'(x) from the parts. */
static inline vf v_sigmoid_slope(v_fraction s) { return s.e / (s.below * s.below); }

static inline vf v_silu_slope(vf x) {
  x = v_max(v_splat(-110.0f), v_min(v_splat(110.0f), x));
  v_fraction s = v_sigmoid_parts(x);
  return v_fma(x, v_sigmoid_slope(s), s.above / s.below);
}
