/* tk_cache.h: memory for tensors: 64-byte aligned blocks that are kept for the next of their size.
 *
 * The system gives large blocks as pages that do not exist yet: a 16 MB result costs 4,096 page faults,
 * more than computing it. So blocks are kept, by size class (at most 12.5 % above what was asked for),
 * up to 64 MiB or, where that is more, as many bytes as were in use at once; sizes that were not asked for
 * longest go first. Thread-safe. */
#ifndef TK_CACHE_H
#define TK_CACHE_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/* A block of at least `bytes` bytes, undefined contents; NULL when the system has none left, also after
 * all that was kept was given back to it. bytes may be 0. */
void *_Nullable tk_cache_take(size_t bytes);

/* Gives a block back. `bytes` as it was asked for. */
void tk_cache_give(void *block, size_t bytes);

/* What a block of `bytes` really takes. */
size_t tk_cache_block_bytes(size_t bytes);

/* 0 in a build with a sanitizer: nothing is kept there, so that use after release is seen. */
int tk_cache_keeps(void);

/* Bytes that are kept and not in use. */
size_t tk_cache_kept_bytes(void);

/* Gives all that is kept back to the system. */
void tk_cache_trim(void);

#pragma clang assume_nonnull end

#endif
