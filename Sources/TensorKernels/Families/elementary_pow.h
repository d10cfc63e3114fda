/* x^y as C's pow, within 1 ULP: 2^(y log2 |x|) in f64, so that neither the logarithm's error, which
 * y multiplies, nor subnormal results need care. */

/* log2 x for normal x > 0: x = m 2^k, log2 m = s A(s^2) with s = (m - 1) / (m + 1), m from 2/3 to
 * 4/3. k comes in the f64 vector `power`. */
static inline vd vd_log2(vd m, vd power) {
  vd s = (m - vd_splat(1)) / (m + vd_splat(1));
  vd z = s * s;
  vd p = vd_splat(0.29087456333011091);
  p = p * z + vd_splat(0.31928114114226874);
  p = p * z + vd_splat(0.41222629474944034);
  p = p * z + vd_splat(0.57707775407295792);
  p = p * z + vd_splat(0.96179669483198205);
  p = p * z + vd_splat(2.8853900817774205);
  return p * s + power;
}

/* 2^t; t beyond what f32 holds is cut. */
static inline vd vd_exp2(vd t) {
  const vd magic = vd_splat(6755399441055744.0); /* 1.5 * 2^52 */
  t = vd_select(t > vd_splat(200), vd_splat(200), t);
  t = vd_select(t < vd_splat(-200), vd_splat(-200), t);
  vd shifted = t + magic;
  vd r = t - (shifted - magic);
  vd p = vd_splat(1.5201819381170379e-05);
  p = p * r + vd_splat(0.00015469422383633229);
  p = p * r + vd_splat(0.0013333924026058708);
  p = p * r + vd_splat(0.0096180268475228817);
  p = p * r + vd_splat(0.055504103503602215);
  p = p * r + vd_splat(0.24022651201156975);
  p = p * r + vd_splat(0.69314718072979864);
  p = p * r + vd_splat(0.99999999996137801);
  return (vd)((vl)p + ((vl)shifted << 52));
}

static __attribute__((noinline)) void v_pow_lanes(const float *x, const float *y, float *out) {
  for (size_t i = 0; i < TK_LANES; ++i) out[i] = powf(x[i], y[i]);
}

static inline vf v_pow(vf x, vf y) {
  const vf huge = v_splat(__builtin_inff());
  vf size = v_abs(x);
  vi usual = (size > v_zero()) & (size < huge) & (v_abs(y) < huge);
  if (v_any(~usual)) {
    /* 0, infinities and NaN have a rule each: left to the C library. */
    float base[TK_LANES], exponent[TK_LANES], out[TK_LANES];
    v_store(base, x);
    v_store(exponent, y);
    v_pow_lanes(base, exponent, out);
    return v_load(out);
  }
  vi tiny = size < v_splat(0x1p-126f);
  vf scaled = v_select(tiny, size * v_splat(0x1p23f), size);
  vi k = ((vi)scaled - v_splat_i(0x3f2aaaab)) >> 23;
  v_pair m = v_widen((vf)((vi)scaled - (k << 23)));
  vf power = __builtin_convertvector(k, vf) - v_select(tiny, v_splat(23.0f), v_zero());
  v_pair n = v_widen(power);
  v_pair e = v_widen(y);
  vf result = v_narrow((v_pair){.low = vd_exp2(e.low * vd_log2(m.low, n.low)),
                                .high = vd_exp2(e.high * vd_log2(m.high, n.high))});
  /* Negative bases have a power for whole exponents only; odd ones keep the sign. Beyond 2^23 all
   * floats are whole, beyond 2^24 even. */
  const vf magic = v_splat(0x1p23f);
  vf steps = v_abs(y);
  vi large = steps >= magic;
  vf whole = v_select(large, steps, (steps + magic) - magic);
  vi odd = (vi)v_select(large, steps, steps + magic) & v_splat_i(1);
  odd = (odd != v_splat_i(0)) & (steps < v_splat(0x1p24f));
  vf negative = v_select(whole == steps, (vf)((vi)result ^ (odd & v_splat_i((int32_t)0x80000000))),
                         v_splat(__builtin_nanf("")));
  return v_select(x < v_zero(), negative, result);
}
