/* The error function, within 2 ULP: erf a = 1 - e^-w(a), where w(a) = -ln erfc(a) = a + a Q(a) is
 * smooth, and e^-w - 1 keeps its digits near 0. */

static inline vf v_erf(vf x) {
  /* From 3.92 on the result rounds to 1. */
  vf a = v_min(v_splat(3.95f), v_abs(x));
  vf q = v_splat(-9.44870681e-06f);
  q = v_fma(q, a, v_splat(0.000119361197f));
  q = v_fma(q, a, v_splat(-0.000638970232f));
  q = v_fma(q, a, v_splat(0.00167823385f));
  q = v_fma(q, a, v_splat(-0.00017160282f));
  q = v_fma(q, a, v_splat(-0.0191469956f));
  q = v_fma(q, a, v_splat(0.102776185f));
  q = v_fma(q, a, v_splat(0.636619568f));
  q = v_fma(q, a, v_splat(0.128379166f));
  vf w = v_fma(q, a, a);
  vf lost = v_fma(q, a, a - w);
  v_power s = v_split(v_zero() - w);
  vf scale = v_power_of_two(s.whole);
  vf p = v_expm1_rest(s.r, v_zero() - lost);
  return v_with_sign((v_splat(1.0f) - scale) - scale * p, x);
}
