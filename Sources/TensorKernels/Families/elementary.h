/* exp and tanh on vectors: no table, no branch, NaN in gives NaN out. */

/* exp(x), within 1 ULP where the result is normal.
 *
 * x = n ln 2 + r with |r| <= ln 2 / 2, e^r by the polynomial of Cephes (expf), times 2^n in two
 * steps, so that subnormal results come out right. Adding 1.5 * 2^23 rounds to the nearest integer
 * and leaves it in the low bits: no conversion, which would be undefined for NaN. */
static inline vf v_exp(vf x) {
  /* Beyond these the result is inf or 0 anyway. Comparisons are false for NaN, so NaN passes. */
  x = v_select(x > v_splat(89.0f), v_splat(89.0f), x);
  x = v_select(x < v_splat(-105.0f), v_splat(-105.0f), x);
  const float magic = 12582912.0f;
  vf shifted = x * v_splat(1.44269504088896341f) + v_splat(magic);
  vf n = shifted - v_splat(magic);
  /* ln 2 in two parts, the first with few bits, so that n * part is exact. */
  vf r = x - n * v_splat(0.693359375f);
  r = r - n * v_splat(-2.12194440e-4f);
  vf p = v_splat(1.9875691500e-4f);
  p = p * r + v_splat(1.3981999507e-3f);
  p = p * r + v_splat(8.3334519073e-3f);
  p = p * r + v_splat(4.1665795894e-2f);
  p = p * r + v_splat(1.6666665459e-1f);
  p = p * r + v_splat(5.0000001201e-1f);
  vf e = p * (r * r) + r + v_splat(1.0f);
  vi whole = (vi)shifted - v_splat_i(0x4b400000);
  vi first = whole >> 1;
  vi second = whole - first;
  /* Unsigned in effect: for NaN the exponent is meaningless, and e is NaN whatever it is scaled
   * by. */
  vf scale1 = (vf)((first + v_splat_i(127)) << 23);
  vf scale2 = (vf)((second + v_splat_i(127)) << 23);
  return e * scale1 * scale2;
}

/* tanh(x): the polynomial of Cephes (tanhf) for |x| < 0.625, where 1 - 2 / (e^2x + 1) would
 * cancel. */
static inline vf v_tanh(vf x) {
  vf size = v_abs(x);
  vf square = x * x;
  vf p = v_splat(-5.70498872745e-3f);
  p = p * square + v_splat(2.06390887954e-2f);
  p = p * square + v_splat(-5.37397155531e-2f);
  p = p * square + v_splat(1.33314422036e-1f);
  p = p * square + v_splat(-3.33332819422e-1f);
  vf near = p * square * x + x;
  vf far = v_splat(1.0f) - v_splat(2.0f) / (v_exp(size + size) + v_splat(1.0f));
  far = (vf)((vi)far | ((vi)x & v_splat_i((int32_t)0x80000000)));
  return v_select(size < v_splat(0.625f), near, far);
}
