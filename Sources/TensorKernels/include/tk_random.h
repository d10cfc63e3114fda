/* tk_random.h: Philox 4x64-10 (Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011).
 *
 * A counter-based generator: block i of a key is a pure function of (key, i), so that results
 * depend neither on threads nor on order. Integer work only, the same on every machine: one
 * implementation serves all. The words of block i are those of numpy's Philox at counter i + 1,
 * which is where numpy starts. */
#ifndef TK_RANDOM_H
#define TK_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/* A key of 128 bits. */
typedef struct tk_philox_key {
  uint64_t seed;
  uint64_t stream;
} tk_philox_key;

/* The four words of one block. */
typedef struct tk_philox_block {
  uint64_t words[4];
} tk_philox_block;

tk_philox_block tk_philox4x64(tk_philox_key key, uint64_t block);

/* Blocks that `n` floats take: eight of 24 bits from each. */
uint64_t tk_philox_blocks_f32(size_t n);

/* y[i] in [low, high): low + u (high - low), where u in [0, 1) is a multiple of 2^-24, from
 * half-words in order, low half first. Where rounding would give high, the next lower one
 * stands. */
void tk_uniform_f32(size_t n, tk_philox_key key, uint64_t first_block, float low, float high,
                    float *y);

/* y[i] ~ N(0, deviation²) by Box and Muller from pairs of the same uniforms. Blocks as
 * tk_philox_blocks_f32(n). */
void tk_normal_f32(size_t n, tk_philox_key key, uint64_t first_block, float deviation, float *y);

/* mask[i] = 0 with probability `rate`, else 1 / (1 - rate), from the same uniforms; 0 <= rate <
 * 1. */
void tk_dropout_mask_f32(size_t n, tk_philox_key key, uint64_t first_block, float rate,
                         float *mask);

#pragma clang assume_nonnull end

#endif
