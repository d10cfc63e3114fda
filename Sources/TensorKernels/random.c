/* Philox 4x64-10 and what is drawn from it. */
#include "include/tk_random.h"

#include <math.h>

#define PHILOX_ROUNDS 10
/* Multipliers and Weyl increments of the paper, table 2. */
#define PHILOX_M0 UINT64_C(0xD2E7470EE14C6C93)
#define PHILOX_M1 UINT64_C(0xCA5A826395121157)
#define PHILOX_W0 UINT64_C(0x9E3779B97F4A7C15)
#define PHILOX_W1 UINT64_C(0xBB67AE8584CAA73B)

__extension__ typedef unsigned __int128 wide;

tk_philox_block tk_philox4x64(tk_philox_key key, uint64_t block) {
  /* numpy counts up before it draws, with carry into the second word. */
  uint64_t c0 = block + 1;
  uint64_t c1 = c0 == 0 ? 1 : 0;
  uint64_t c2 = 0;
  uint64_t c3 = 0;
  uint64_t k0 = key.seed;
  uint64_t k1 = key.stream;
  for (int round = 0; round < PHILOX_ROUNDS; ++round) {
    wide first = (wide)PHILOX_M0 * c0;
    wide second = (wide)PHILOX_M1 * c2;
    uint64_t n0 = (uint64_t)(second >> 64) ^ c1 ^ k0;
    uint64_t n2 = (uint64_t)(first >> 64) ^ c3 ^ k1;
    c1 = (uint64_t)second;
    c3 = (uint64_t)first;
    c0 = n0;
    c2 = n2;
    k0 += PHILOX_W0;
    k1 += PHILOX_W1;
  }
  return (tk_philox_block){{c0, c1, c2, c3}};
}

uint64_t tk_philox_blocks_f32(size_t n) { return ((uint64_t)n + 7) / 8; }

/* The eight uniforms of a block: the top 24 bits of each half-word, so that every value is
 * exact. */
static void uniform_block(tk_philox_key key, uint64_t block, float out[8]) {
  tk_philox_block drawn = tk_philox4x64(key, block);
  for (size_t i = 0; i < 8; ++i) {
    uint32_t half = (uint32_t)(drawn.words[i / 2] >> (i % 2 == 0 ? 0 : 32));
    out[i] = (float)(half >> 8) * 0x1p-24f;
  }
}

void tk_uniform_f32(size_t n, tk_philox_key key, uint64_t first_block, float low, float high,
                    float *y) {
  float drawn[8];
  for (size_t i = 0; i < n; ++i) {
    if (i % 8 == 0) uniform_block(key, first_block + i / 8, drawn);
    float value = low + drawn[i % 8] * (high - low);
    y[i] = value < high ? value : nextafterf(high, low);
  }
}

void tk_normal_f32(size_t n, tk_philox_key key, uint64_t first_block, float deviation, float *y) {
  const double turn = 6.283185307179586;
  float drawn[8];
  for (size_t i = 0; i < n; ++i) {
    if (i % 8 == 0) uniform_block(key, first_block + i / 8, drawn);
    /* A pair of uniforms gives a pair of normals: cosine first, then sine. */
    size_t pair = i % 8 / 2 * 2;
    /* 1 - u lies in (0, 1], so the logarithm is finite. */
    double radius = sqrt(-2.0 * log(1.0 - (double)drawn[pair]));
    double angle = turn * (double)drawn[pair + 1];
    y[i] = (float)((double)deviation * radius * (i % 2 == 0 ? cos(angle) : sin(angle)));
  }
}

void tk_dropout_mask_f32(size_t n, tk_philox_key key, uint64_t first_block, float rate,
                         float *mask) {
  float kept = 1.0f / (1.0f - rate);
  float drawn[8];
  for (size_t i = 0; i < n; ++i) {
    if (i % 8 == 0) uniform_block(key, first_block + i / 8, drawn);
    mask[i] = drawn[i % 8] < rate ? 0.0f : kept;
  }
}
