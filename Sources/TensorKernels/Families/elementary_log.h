/* ln x, within 1 ULP: x = m 2^k with m from 2/3 to 4/3, ln m = f - f^2/2 + f^3 P(f), f = m - 1. */

static inline vf v_log(vf x) {
  vi tiny = x < v_splat(0x1p-126f);
  vf scaled = v_select(tiny, x * v_splat(0x1p23f), x);
  /* Counted from 2/3, so that the exponent field of the difference is k. */
  vi k = ((vi)scaled - v_splat_i(0x3f2aaaab)) >> 23;
  vf m = (vf)((vi)scaled - (k << 23));
  vf power = __builtin_convertvector(k, vf) - v_select(tiny, v_splat(23.0f), v_zero());
  vf f = m - v_splat(1.0f);
  vf p = v_splat(-0.131919339f);
  p = v_fma(p, f, v_splat(0.139617473f));
  p = v_fma(p, f, v_splat(-0.121150509f));
  p = v_fma(p, f, v_splat(0.140110761f));
  p = v_fma(p, f, v_splat(-0.166854724f));
  p = v_fma(p, f, v_splat(0.200100332f));
  p = v_fma(p, f, v_splat(-0.249996886f));
  p = v_fma(p, f, v_splat(0.333332241f));
  vf square = f * f;
  vf low = v_fma(square * f, p, power * v_splat(-2.12194440e-4f));
  low = v_fma(square, v_splat(-0.5f), low);
  /* The first part of ln 2 has 9 bits: its product is exact. */
  vf y = v_fma(power, v_splat(0.693359375f), f + low);
  /* +Inf and NaN are their own results; -x is NaN; 0 is -Inf. */
  y = v_select(x < v_splat(__builtin_inff()), y, x);
  y = v_select(x < v_zero(), v_splat(__builtin_nanf("")), y);
  return v_select(x == v_zero(), v_splat(-__builtin_inff()), y);
}
