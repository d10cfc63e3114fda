/* The most arithmetic that one core does: fused multiply-adds whose operands never leave the registers. */
#include <immintrin.h>

#include "limits.h"

/* An FMA takes 4 cycles and two begin in each: 8 chains keep both units busy, and 12 leave room for a unit that was
 * late. */
enum { CHAINS = 12 };

/* Every chain goes towards b / (1 - a) = 1: no infinities, no denormal numbers. */
static const float A = 0.5f, B = 0.5f;

__attribute__((target("avx512f"))) static float peak_avx512(size_t flops) {
  __m512 a = _mm512_set1_ps(A), b = _mm512_set1_ps(B), x[CHAINS];
  for (int i = 0; i < CHAINS; i++) x[i] = _mm512_set1_ps((float)i);
  for (size_t n = flops / (CHAINS * 16 * 2); n > 0; n--) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) {
      x[i] = _mm512_fmadd_ps(x[i], a, b);
      __asm__ volatile("" : "+v"(x[i]));
    }
  }
  for (int i = 1; i < CHAINS; i++) x[0] = _mm512_add_ps(x[0], x[i]);
  return _mm512_reduce_add_ps(x[0]);
}

__attribute__((target("avx2,fma"))) static float peak_avx2(size_t flops) {
  __m256 a = _mm256_set1_ps(A), b = _mm256_set1_ps(B), x[CHAINS];
  for (int i = 0; i < CHAINS; i++) x[i] = _mm256_set1_ps((float)i);
  for (size_t n = flops / (CHAINS * 8 * 2); n > 0; n--) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) {
      x[i] = _mm256_fmadd_ps(x[i], a, b);
      __asm__ volatile("" : "+x"(x[i]));
    }
  }
  for (int i = 1; i < CHAINS; i++) x[0] = _mm256_add_ps(x[0], x[i]);
  float lanes[8];
  _mm256_storeu_ps(lanes, x[0]);
  return lanes[0] + lanes[1] + lanes[2] + lanes[3] + lanes[4] + lanes[5] + lanes[6] + lanes[7];
}

float peak_loop(size_t flops) {
  return __builtin_cpu_supports("avx512f") ? peak_avx512(flops) : peak_avx2(flops);
}
