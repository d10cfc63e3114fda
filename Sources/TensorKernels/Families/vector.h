/* Vectors of TK_VECTOR_BYTES through the compiler's vector types: the same source for every width.
 * Loads and stores go through memcpy, which compiles to one unaligned instruction and breaks no
 * aliasing rule. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TK_LANES (TK_VECTOR_BYTES / sizeof(float))

typedef float vf __attribute__((vector_size(TK_VECTOR_BYTES)));
typedef int32_t vi __attribute__((vector_size(TK_VECTOR_BYTES)));

static inline vf v_load(const float *p) {
  vf v;
  memcpy(&v, p, sizeof v);
  return v;
}

static inline void v_store(float *p, vf v) { memcpy(p, &v, sizeof v); }

/* The last n < TK_LANES elements of an array, with `fill` in the lanes past its end, which is never
 * read. */
static inline vf v_load_tail(const float *p, size_t n, float fill) {
  vf v;
  for (size_t i = 0; i < TK_LANES; ++i) v[i] = fill;
  memcpy(&v, p, n * sizeof(float));
  return v;
}

static inline void v_store_tail(float *p, size_t n, vf v) { memcpy(p, &v, n * sizeof(float)); }

/* x in every lane. Subtracting zero keeps the sign of -0, which adding it would not. */
static inline vf v_splat(float x) { return x - (vf){0}; }

static inline vf v_zero(void) { return (vf){0}; }

static inline vi v_splat_i(int32_t x) { return x + (vi){0}; }

/* yes where the mask (all ones or all zeros a lane) is set, else no. */
static inline vf v_select(vi mask, vf yes, vf no) {
  return (vf)(((vi)yes & mask) | ((vi)no & ~mask));
}

/* The larger; the second where one is NaN. */
static inline vf v_max(vf a, vf b) { return v_select(a > b, a, b); }

static inline vf v_abs(vf x) { return (vf)((vi)x & v_splat_i(0x7fffffff)); }

/* The sum of the lanes, halving: a fixed order. */
static inline float v_sum(vf v) {
  for (size_t half = TK_LANES / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) v[i] += v[i + half];
  }
  return v[0];
}

static inline double v_sum_f64(vf v) {
  double sum = 0;
  for (size_t i = 0; i < TK_LANES; ++i) sum += (double)v[i];
  return sum;
}

/* The largest lane, lanes with NaN left out. */
static inline float v_max_lane(vf v) {
  float largest = v[0];
  for (size_t i = 1; i < TK_LANES; ++i) {
    if (v[i] > largest || largest != largest) largest = v[i];
  }
  return largest;
}
