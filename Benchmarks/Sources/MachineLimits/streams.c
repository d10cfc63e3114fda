/* The most memory that loads and stores of the widest kind move: eight to a turn, in order of address. */
#include <immintrin.h>

#include "limits.h"

enum { UNROLL = 8, LINE = 64 };

/* The loop for one width of vector: bytes a turn are the same for both. */
#define COPY(NAME, TARGET, VECTOR, LOAD, STORE)                                    \
  __attribute__((target(TARGET))) static void NAME(size_t bytes, const char *from, \
                                                   char *to) {                     \
    enum { EACH = UNROLL * LINE / sizeof(VECTOR) };                                \
    for (size_t at = 0; at < bytes; at += UNROLL * LINE) {                         \
      VECTOR v[EACH];                                                              \
      _Pragma("clang loop unroll(full)") for (size_t i = 0; i < EACH; i++)         \
        v[i] = LOAD((const void *)(from + at + i * sizeof(VECTOR)));               \
      _Pragma("clang loop unroll(full)") for (size_t i = 0; i < EACH; i++)         \
        STORE((void *)(to + at + i * sizeof(VECTOR)), v[i]);                       \
    }                                                                              \
  }

COPY(plain_avx512, "avx512f", __m512i, _mm512_load_si512, _mm512_store_si512)
COPY(stream_avx512, "avx512f", __m512i, _mm512_load_si512, _mm512_stream_si512)
COPY(plain_avx2, "avx2", __m256i, _mm256_load_si256, _mm256_store_si256)
COPY(stream_avx2, "avx2", __m256i, _mm256_load_si256, _mm256_stream_si256)

void copy_plain(size_t bytes, const void *from, void *to) {
  (__builtin_cpu_supports("avx512f") ? plain_avx512 : plain_avx2)(bytes, from, to);
}

void copy_stream(size_t bytes, const void *from, void *to) {
  (__builtin_cpu_supports("avx512f") ? stream_avx512 : stream_avx2)(bytes, from, to);
  _mm_sfence();
}

__attribute__((target("avx512f"))) static float read_avx512(size_t bytes, const float *from) {
  __m512 sums[UNROLL];
  for (int i = 0; i < UNROLL; i++) sums[i] = _mm512_setzero_ps();
  for (size_t at = 0; at < bytes / 4; at += UNROLL * 16) {
#pragma clang loop unroll(full)
    for (int i = 0; i < UNROLL; i++) {
      sums[i] = _mm512_add_ps(sums[i], _mm512_load_ps(from + at + 16 * i));
    }
  }
  for (int i = 1; i < UNROLL; i++) sums[0] = _mm512_add_ps(sums[0], sums[i]);
  return _mm512_reduce_add_ps(sums[0]);
}

__attribute__((target("avx2"))) static float read_avx2(size_t bytes, const float *from) {
  __m256 sums[UNROLL];
  for (int i = 0; i < UNROLL; i++) sums[i] = _mm256_setzero_ps();
  for (size_t at = 0; at < bytes / 4; at += UNROLL * 8) {
#pragma clang loop unroll(full)
    for (int i = 0; i < UNROLL; i++) {
      sums[i] = _mm256_add_ps(sums[i], _mm256_load_ps(from + at + 8 * i));
    }
  }
  for (int i = 1; i < UNROLL; i++) sums[0] = _mm256_add_ps(sums[0], sums[i]);
  float lanes[8], sum = 0;
  _mm256_storeu_ps(lanes, sums[0]);
  for (int i = 0; i < 8; i++) sum += lanes[i];
  return sum;
}

float read_loop(size_t bytes, const void *from) {
  return (__builtin_cpu_supports("avx512f") ? read_avx512 : read_avx2)(bytes, from);
}
