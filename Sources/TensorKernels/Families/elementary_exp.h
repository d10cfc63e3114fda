/* e^x and e^x - 1.
 *
 * x = n ln 2 + r with |r| <= ln 2 / 2; e^r = 1 + r + r^2 P(r); times 2^n. */

typedef struct v_power {
  vf n;     /* the whole number next to x log2 e */
  vi whole; /* the same as an integer */
  vf r;     /* what is left of x */
} v_power;

/* Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits: no conversion,
 * which would be undefined for NaN. */
#define TK_ROUNDING 12582912.0f

/* `shifted`: x log2 e + TK_ROUNDING, |x| below 2^22 or NaN. */
static inline v_power v_split_shifted(vf shifted, vf x) {
  v_power s = {.n = shifted - v_splat(TK_ROUNDING),
               .whole = (vi)shifted - (vi)v_splat(TK_ROUNDING)};
  /* ln 2 in two parts (Cody and Waite), the first with so few bits that n * part is exact. */
  s.r = v_fma(s.n, v_splat(-0.693359375f), x);
  s.r = v_fma(s.n, v_splat(2.12194440e-4f), s.r);
  return s;
}

static inline v_power v_split(vf x) {
  return v_split_shifted(v_fma(x, v_splat(1.44269504088896341f), v_splat(TK_ROUNDING)), x);
}

/* 2^n where n is from -126 to 127. */
static inline vf v_power_of_two(vi n) { return (vf)((n + v_splat_i(127)) << 23); }

/* e 2^n with one rounding, also where the result is subnormal or overflows; e is near 1. */
static inline vf v_scale(vf e, v_power s) {
#if defined(__x86_64__) && TK_VECTOR_BYTES == 64
  return _mm512_scalef_ps(e, s.n);
#else
  /* In two steps: 2^n itself may be out of range. For NaN n is meaningless and e is NaN. */
  vi first = s.whole >> 1;
  return e * v_power_of_two(first) * v_power_of_two(s.whole - first);
#endif
}

/* a + b x + c x^2 + d x^3 + e x^4 by Estrin's scheme: a shorter chain than Horner's. */
static inline vf v_quartic(vf x, float a, float b, float c, float d, float e) {
  vf square = x * x;
  vf low = v_fma(v_splat(b), x, v_splat(a));
  vf high = v_fma(v_splat(d), x, v_splat(c));
  return v_fma(v_fma(v_splat(e), square, high), square, low);
}

/* e^x, within 1.04 ULP. */
static inline vf v_exp(vf x) {
  /* Beyond these the result is Inf or 0 anyway; NaN passes. */
  x = v_max(v_splat(-105.0f), v_min(v_splat(89.0f), x));
  v_power s = v_split(x);
  vf p = v_quartic(s.r, 0.49999994f, 0.166665211f, 0.0416682735f, 0.00836868491f, 0.00138201297f);
  return v_scale(v_fma(s.r * s.r, p, s.r) + v_splat(1.0f), s);
}

/* e^(r + low) - 1 for |r| <= ln 2 / 2 and what r lost in rounding; keeps all digits near 0. */
static inline vf v_expm1_rest(vf r, vf low) {
  vf p = v_quartic(r, 0.5f, 0.166665435f, 0.0416664369f, 0.00836655125f, 0.00139376579f);
  return r + v_fma(r * r, p, low);
}

/* e^x - 1 for x from -87 to 88 or NaN, within 2 ULP. */
static inline vf v_expm1_within(vf x) {
  v_power s = v_split(x);
  vf scale = v_power_of_two(s.whole);
  return v_fma(scale, v_expm1_rest(s.r, v_zero()), scale - v_splat(1.0f));
}
