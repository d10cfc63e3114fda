/* limits.h: what the machine can do at most, as plain loops. */
#ifndef LIMITS_H
#define LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "contender.h"

/* Fused multiply-adds on registers: `flops` floating-point operations, rounded down. Returns the sum of the
 * accumulators, so that no compiler drops them. */
float peak_loop(size_t flops);

/* Copies `bytes`, a multiple of 512, 64-byte aligned. `plain` reads the destination's lines first, as the cache does
 * for every store; `stream` (non-temporal stores) writes past the cache. */
void copy_plain(size_t bytes, const void *from, void *to);
void copy_stream(size_t bytes, const void *from, void *to);

/* Reads `bytes`, a multiple of 512; the sum of all as floats. */
float read_loop(size_t bytes, const void *from);

/* A call through a pointer, that a compiler cannot see through. */
extern void (*volatile pointer_call)(void);

/* At most two threads, the caller being one. Calls body(data, index) on each at once and returns when all are
 * done. */
typedef struct crew crew;
crew *crew_create(uint32_t threads);
void crew_run(crew *crew, void (*body)(void *data, uint32_t index), void *data);

#endif
