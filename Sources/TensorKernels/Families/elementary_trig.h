/* Sine and cosine, within 2 ULP for all floats.
 *
 * The angle is reduced by multiples of pi/2 in f64 (as in fdlibm's sinf): pi/2 in two parts, the
 * first of 33 bits, so that its product with n < 2^20 is exact. Larger angles, Inf and NaN go to
 * the C library lane by lane: they are rare, and need pi to hundreds of bits. */
#include <math.h>

typedef struct v_angle {
  vf r;      /* from -pi/4 to pi/4 */
  vi quarter; /* how many pi/2 were taken away; the low two bits count */
} v_angle;

static inline vd v_reduce_half(vd x, vd *quarter) {
  const double magic = 6755399441055744.0; /* 1.5 * 2^52 rounds to the nearest integer */
  vd shifted = x * vd_splat(0.63661977236758134308) + vd_splat(magic);
  *quarter = shifted;
  vd n = shifted - vd_splat(magic);
  vd r = x - n * vd_splat(0x1.921fb544p+0);
  return r - n * vd_splat(0x1.0b4611a626331p-34);
}

static inline v_angle v_reduce(vf x) {
  v_pair wide = v_widen(x);
  v_pair shifted;
  v_pair r = {.low = v_reduce_half(wide.low, &shifted.low),
              .high = v_reduce_half(wide.high, &shifted.high)};
  return (v_angle){.r = v_narrow(r), .quarter = v_low_words(shifted)};
}

static inline vi v_angle_is_huge(vf x) { return ~(v_abs(x) < v_splat(0x1p20f)); }

/* Not inlined: what is rare stays out of the loops. */
static __attribute__((noinline)) void v_huge_angles(const float *x, float *y, int cosine) {
  for (size_t i = 0; i < TK_LANES; ++i) {
    if (fabsf(x[i]) < 0x1p20f) continue;
    y[i] = (float)(cosine ? cos((double)x[i]) : sin((double)x[i]));
  }
}

/* sin(x + turn pi/2) for turn 0 or 1. */
static inline vf v_sin_turned(vf x, int32_t turn) {
  v_angle a = v_reduce(x);
  vi quarter = a.quarter + v_splat_i(turn);
  vf z = a.r * a.r;
  vf s = v_splat(-0.000195186178f);
  s = v_fma(s, z, v_splat(0.00833219104f));
  s = v_fma(s, z, v_splat(-0.166666552f));
  s = v_fma(s * z, a.r, a.r);
  vf c = v_splat(2.44306812e-05f);
  c = v_fma(c, z, v_splat(-0.00138873013f));
  c = v_fma(c, z, v_splat(0.0416666456f));
  c = v_fma(z * z, c, v_fma(z, v_splat(-0.5f), v_splat(1.0f)));
  vf y = v_select((quarter & v_splat_i(1)) == v_splat_i(0), s, c);
  y = (vf)((vi)y ^ ((quarter & v_splat_i(2)) << 30));
  if (v_any(v_angle_is_huge(x))) {
    float in[TK_LANES], out[TK_LANES];
    v_store(in, x);
    v_store(out, y);
    v_huge_angles(in, out, turn);
    y = v_load(out);
  }
  return y;
}

static inline vf v_sin(vf x) {
  /* The polynomial would make +0 of -0. */
  return v_select(x == v_zero(), x, v_sin_turned(x, 0));
}

static inline vf v_cos(vf x) { return v_sin_turned(x, 1); }
