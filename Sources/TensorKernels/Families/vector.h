/* Vectors of TK_VECTOR_BYTES through the compiler's vector types: the same source for every width.
 *
 * Loads and stores go through memcpy, which compiles to one unaligned instruction and breaks no
 * aliasing rule. Clang recognises minimum, maximum and blends in their readable form, so intrinsics
 * stand only where no such form exists: masked tails. a * b + c in one expression becomes one fused
 * operation where the instruction set has it (TK_FUSED). */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define TK_LANES (TK_VECTOR_BYTES / sizeof(float))

/* Whether v_fma rounds once. */
#if TK_VECTOR_BYTES > 16 || defined(__ARM_FEATURE_FMA)
#define TK_FUSED 1
#else
#define TK_FUSED 0
#endif

typedef float vf __attribute__((vector_size(TK_VECTOR_BYTES)));
typedef int32_t vi __attribute__((vector_size(TK_VECTOR_BYTES)));

static inline vf v_load(const float *p) {
  vf v;
  memcpy(&v, p, sizeof v);
  return v;
}

static inline void v_store(float *p, vf v) { memcpy(p, &v, sizeof v); }

/* A store that goes past the caches; p is aligned to TK_VECTOR_BYTES. v_stream_end orders such
 * stores before what follows: call it before the array is handed to anyone else. */
static inline void v_stream(float *p, vf v) { __builtin_nontemporal_store(v, (vf *)p); }

static inline void v_stream_end(void) {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

/* x in every lane. Subtracting zero keeps the sign of -0, which adding it would not. */
static inline vf v_splat(float x) { return x - (vf){0}; }

static inline vf v_zero(void) { return (vf){0}; }

static inline vi v_splat_i(int32_t x) { return x + (vi){0}; }

/* yes where the mask (all ones or all zeros a lane) is set, else no. */
static inline vf v_select(vi mask, vf yes, vf no) {
  return (vf)(((vi)yes & mask) | ((vi)no & ~mask));
}

/* v, loaded by an instruction of its own. Clang makes one masked load of a load and a select, which
 * then waits for the mask: out of cache, half the speed. */
static inline vf v_settled(vf v) {
#if defined(__x86_64__) && TK_VECTOR_BYTES == 64
  __asm__("" : "+v"(v));
#endif
  return v;
}

static inline int v_any(vi mask) { return __builtin_reduce_or(mask) != 0; }

#if defined(__x86_64__) && TK_VECTOR_BYTES == 32
/* All ones in the first n lanes. */
static inline vi v_tail_mask(size_t n) {
  const vi lane = {0, 1, 2, 3, 4, 5, 6, 7};
  return lane < v_splat_i((int32_t)n);
}
#endif

/* The last n < TK_LANES elements of an array, with `fill` in the lanes past its end, which is never
 * read. */
static inline vf v_load_tail(const float *p, size_t n, float fill) {
#if defined(__x86_64__) && TK_VECTOR_BYTES == 64
  return _mm512_mask_loadu_ps(v_splat(fill), (__mmask16)((1u << n) - 1), p);
#elif defined(__x86_64__) && TK_VECTOR_BYTES == 32
  vi mask = v_tail_mask(n);
  return v_select(mask, _mm256_maskload_ps(p, (__m256i)mask), v_splat(fill));
#else
  vf v = v_splat(fill);
  for (size_t i = 0; i < TK_LANES; ++i) {
    if (i < n) v[i] = p[i];
  }
  return v;
#endif
}

static inline void v_store_tail(float *p, size_t n, vf v) {
#if defined(__x86_64__) && TK_VECTOR_BYTES == 64
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), v);
#elif defined(__x86_64__) && TK_VECTOR_BYTES == 32
  _mm256_maskstore_ps(p, (__m256i)v_tail_mask(n), v);
#else
  for (size_t i = 0; i < TK_LANES; ++i) {
    if (i < n) p[i] = v[i];
  }
#endif
}

/* a * b + c, rounded once where TK_FUSED. */
static inline vf v_fma(vf a, vf b, vf c) {
#if TK_FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

/* The larger; the second where one is NaN. */
static inline vf v_max(vf a, vf b) { return v_select(a > b, a, b); }

/* The smaller; the second where one is NaN. */
static inline vf v_min(vf a, vf b) { return v_select(a < b, a, b); }

static inline vf v_abs(vf x) { return (vf)((vi)x & v_splat_i(0x7fffffff)); }

/* `size`, which is not negative, with the sign of `sign`. */
static inline vf v_with_sign(vf size, vf sign) {
  return (vf)((vi)size | ((vi)sign & v_splat_i((int32_t)0x80000000)));
}

static inline vf v_sqrt(vf x) { return __builtin_elementwise_sqrt(x); }

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
