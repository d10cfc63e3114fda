/* tk_pool.h: compute threads, a fixed number of them, shared by all who compute in the process.
 *
 * A pool of n threads has n - 1 workers; the calling thread is the n-th. Workers look for work for
 * at most 50 us after their last, then sleep (futex), so an idle pool costs nothing. */
#ifndef TK_POOL_H
#define TK_POOL_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct tk_pool tk_pool;

/* begin is a multiple of the grain; a range may hold several grains. Runs on any thread. */
typedef void (*tk_pool_body)(void *_Nullable data, size_t begin, size_t end);

/* A pool of `threads` (at least 1) threads, workers started at the first use; NULL when memory is
 * short. */
tk_pool *_Nullable tk_pool_create(uint32_t threads);

/* Ends the workers. Nobody may be inside of tk_pool_run. */
void tk_pool_destroy(tk_pool *pool);

uint32_t tk_pool_threads(const tk_pool *pool);

/* Calls body over ranges that cover 0 ..< count, and returns when all are done.
 *
 * At most `threads` threads, the caller included; one call (0, count) on the caller's own thread
 * where count <= grain, threads <= 1, or pool is NULL. How ranges fall to threads may differ from
 * call to call, their boundaries are multiples of the grain always: what a body computes per grain
 * must not depend on its range. Several callers at once share the workers: never more than the
 * pool's number of threads compute inside of this function; a caller waits for its turn. A body may
 * call tk_pool_run: that runs on its own thread. */
void tk_pool_run(tk_pool *_Nullable pool, uint32_t threads, size_t count, size_t grain,
                 tk_pool_body body, void *_Nullable data);

/* tk_pool_run for work of less than some 30 us on one thread, which is what waking a worker takes.
 * One that sleeps is woken only if the short call before, less than 50 us ago, would have had use
 * for it too: then more are likely to follow. Workers that look for work take part as ever. */
void tk_pool_run_short(tk_pool *_Nullable pool, uint32_t threads, size_t count, size_t grain,
                       tk_pool_body body, void *_Nullable data);

#pragma clang assume_nonnull end

#endif
