/* The compute pool of tk_pool.h.
 *
 * A call becomes a region: a range from which all who take part claim pieces. Two things are
 * counted. Permits, one a thread of the pool: whoever computes holds one, callers and workers
 * alike, so no more threads compute than the pool has. Seats, per region: how many workers may
 * still join.
 * All data of a region are written before its seats open (release) and read after one was taken
 * (acquire); a caller leaves when the seats are closed and the last worker has gone. */
#if defined(__linux__)
#define _GNU_SOURCE /* syscall */
#endif
#include "include/tk_pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#error "pool.c: give tk_futex_wait and tk_futex_wake for this system (a mutex and a condition)"
#endif

/* Everything this system must offer: sleep while *word is `expected`, and wake up to `count`. Both
 * may return early for no reason. */
static void tk_futex_wait(_Atomic uint32_t *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

static void tk_futex_wake(_Atomic uint32_t *word, uint32_t count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

static inline void tk_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Two lines of 64 bytes, since they are fetched in pairs: what one thread writes often stands on
 * none that others read. */
#define TK_APART _Alignas(128)

/* Nanoseconds that a thread looks for work, or for others to finish, before it sleeps. */
#define TK_SPIN_NS 50000
/* Pauses between two looks at the clock, which costs as much as several. */
#define TK_SPIN_ROUND 32

/* Pieces a thread gets of an even share: enough that one held up by the system is helped out. */
#define TK_PIECES 2

typedef struct tk_region {
  /* Low half: seats still open to workers. High half: workers inside. */
  TK_APART _Atomic uint32_t seats;
  /* The caller sleeps on `seats`: who leaves last wakes it. */
  _Atomic uint32_t caller_sleeps;
  _Atomic uint32_t taken;
  uint32_t threads;
  size_t count, grain;
  tk_pool_body body;
  void *_Nullable data;
  /* Where the next piece begins, in grains. */
  TK_APART _Atomic size_t next;
} tk_region;

#define TK_INSIDE 0x10000u
#define TK_OPEN_SEATS 0xffffu

struct tk_pool {
  /* Changes with every region; workers sleep on it. */
  TK_APART _Atomic uint32_t epoch;
  _Atomic uint32_t sleepers;
  _Atomic uint32_t stopping;
  /* Permits left; callers without one sleep on it. */
  TK_APART _Atomic uint32_t permits;
  _Atomic uint32_t waiting_callers;
  /* Nanoseconds at which a short call last found workers asleep. */
  _Atomic uint64_t found_asleep;
  /* Workers are started by the first region that wants some. */
  TK_APART _Atomic uint32_t started;
  uint32_t threads;
  uint32_t workers;
  pthread_mutex_t starting;
  pthread_t *worker_threads;
  /* As many as there are permits, so that who holds a permit finds a free one. */
  tk_region *regions;
};

/* This thread runs a body, here or in another pool: what it calls runs inline. */
static _Thread_local int tk_inside;

static uint64_t tk_now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A wait that spins at first. */
typedef struct tk_spin {
  uint32_t rounds;
  uint64_t since;
} tk_spin;

/* One pause; 0 once it has lasted TK_SPIN_NS. */
static int tk_spin_more(tk_spin *spin) {
  tk_pause();
  if (++spin->rounds % TK_SPIN_ROUND != 0) return 1;
  uint64_t now = tk_now_ns();
  if (spin->since == 0) spin->since = now;
  return now - spin->since < TK_SPIN_NS;
}

/* MARK: permits */

static int tk_try_permit(tk_pool *pool) {
  uint32_t permits = atomic_load_explicit(&pool->permits, memory_order_relaxed);
  while (permits > 0) {
    if (atomic_compare_exchange_weak(&pool->permits, &permits, permits - 1)) return 1;
  }
  return 0;
}

static void tk_take_permit(tk_pool *pool) {
  if (tk_try_permit(pool)) return;
  /* From here on no worker takes one: callers go first. */
  atomic_fetch_add(&pool->waiting_callers, 1);
  tk_spin spin = {0};
  while (!tk_try_permit(pool)) {
    if (!tk_spin_more(&spin)) tk_futex_wait(&pool->permits, 0);
  }
  atomic_fetch_sub(&pool->waiting_callers, 1);
}

static void tk_give_permit(tk_pool *pool) {
  /* Both sequentially consistent, as are the caller's: it sees the permit or is seen waiting. */
  atomic_fetch_add(&pool->permits, 1);
  if (atomic_load(&pool->waiting_callers) > 0) tk_futex_wake(&pool->permits, 1);
}

/* MARK: regions */

static void tk_run_pieces(tk_region *region) {
  size_t grains = (region->count + region->grain - 1) / region->grain;
  size_t at = atomic_load_explicit(&region->next, memory_order_relaxed);
  while (at < grains) {
    size_t share = (grains - at) / (TK_PIECES * region->threads);
    if (share == 0) share = 1;
    if (!atomic_compare_exchange_weak_explicit(&region->next, &at, at + share,
                                               memory_order_relaxed, memory_order_relaxed)) {
      continue;
    }
    size_t begin = at * region->grain;
    size_t end = (at + share) * region->grain;
    region->body(region->data, begin, end < region->count ? end : region->count);
    at = atomic_load_explicit(&region->next, memory_order_relaxed);
  }
}

/* Takes part in a region that has a seat open. 0: none had, or no permit was left. */
static int tk_join_region(tk_pool *pool) {
  for (uint32_t i = 0; i < pool->threads; ++i) {
    tk_region *region = &pool->regions[i];
    uint32_t seats = atomic_load_explicit(&region->seats, memory_order_relaxed);
    if ((seats & TK_OPEN_SEATS) == 0) continue;
    if (atomic_load_explicit(&pool->waiting_callers, memory_order_relaxed) > 0) return 0;
    if (!tk_try_permit(pool)) return 0;
    int joined = 0;
    while ((seats & TK_OPEN_SEATS) > 0 && !joined) {
      joined = atomic_compare_exchange_weak_explicit(&region->seats, &seats,
                                                     seats - 1 + TK_INSIDE, memory_order_acquire,
                                                     memory_order_relaxed);
    }
    if (joined) {
      tk_run_pieces(region);
      /* After this the caller may reuse the region, except for what a sleeping one waits for. */
      uint32_t before = atomic_fetch_sub(&region->seats, TK_INSIDE);
      if (before / TK_INSIDE == 1 && atomic_load(&region->caller_sleeps)) {
        tk_futex_wake(&region->seats, 1);
      }
    }
    tk_give_permit(pool);
    if (joined) return 1;
  }
  return 0;
}

static void *tk_work(void *argument) {
  tk_pool *pool = argument;
  tk_inside = 1;
  tk_spin spin = {0};
  for (;;) {
    uint32_t epoch = atomic_load(&pool->epoch);
    if (atomic_load(&pool->stopping)) return NULL;
    if (tk_join_region(pool)) {
      spin = (tk_spin){0};
      continue;
    }
    if (tk_spin_more(&spin)) continue;
    /* A region begun since `epoch` was read has changed it, or sees this sleeper. */
    atomic_fetch_add(&pool->sleepers, 1);
    tk_futex_wait(&pool->epoch, epoch);
    atomic_fetch_sub(&pool->sleepers, 1);
    spin = (tk_spin){0};
  }
}

static void tk_start_workers(tk_pool *pool) {
  if (atomic_load_explicit(&pool->started, memory_order_acquire)) return;
  pthread_mutex_lock(&pool->starting);
  if (!atomic_load_explicit(&pool->started, memory_order_relaxed)) {
    /* Signals are for the threads of the host. */
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    while (pool->workers + 1 < pool->threads &&
           pthread_create(&pool->worker_threads[pool->workers], NULL, tk_work, pool) == 0) {
      ++pool->workers;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    atomic_store_explicit(&pool->started, 1, memory_order_release);
  }
  pthread_mutex_unlock(&pool->starting);
}

static tk_region *tk_take_region(tk_pool *pool) {
  for (uint32_t i = 0;; i = (i + 1) % pool->threads) {
    uint32_t expected = 0;
    if (atomic_compare_exchange_strong_explicit(&pool->regions[i].taken, &expected, 1,
                                                memory_order_acquire, memory_order_relaxed)) {
      return &pool->regions[i];
    }
  }
}

/* What a call does about sleepers: wake them, do with those who are awake, or, since nobody is,
 * without a region. */
typedef enum tk_waking { TK_WAKE, TK_LET_SLEEP, TK_ALL_ASLEEP } tk_waking;

static tk_waking tk_short_waking(tk_pool *pool) {
  /* `workers` may be read once they are started. */
  uint32_t started = atomic_load_explicit(&pool->started, memory_order_acquire);
  uint32_t sleepers = atomic_load_explicit(&pool->sleepers, memory_order_relaxed);
  if (started && sleepers == 0) return TK_WAKE;
  uint64_t now = tk_now_ns();
  uint64_t before = atomic_exchange_explicit(&pool->found_asleep, now, memory_order_relaxed);
  if (now - before < TK_SPIN_NS) return TK_WAKE;
  return started && sleepers < pool->workers ? TK_LET_SLEEP : TK_ALL_ASLEEP;
}

static void tk_run_region(tk_pool *pool, uint32_t threads, size_t count, size_t grain,
                          tk_pool_body body, void *data, tk_waking waking) {
  tk_start_workers(pool);
  tk_region *region = tk_take_region(pool);
  region->threads = threads;
  region->count = count;
  region->grain = grain;
  region->body = body;
  region->data = data;
  atomic_store_explicit(&region->next, 0, memory_order_relaxed);
  atomic_store_explicit(&region->seats, threads - 1, memory_order_release);
  atomic_fetch_add(&pool->epoch, 1);
  if (waking == TK_WAKE && atomic_load(&pool->sleepers) > 0) {
    tk_futex_wake(&pool->epoch, threads - 1);
  }

  tk_run_pieces(region);
  /* Nothing is left to begin: nobody else may join. */
  uint32_t seats = atomic_fetch_and(&region->seats, ~TK_OPEN_SEATS) & ~TK_OPEN_SEATS;
  tk_spin spin = {0};
  while (seats != 0) {
    if (!tk_spin_more(&spin)) {
      atomic_store(&region->caller_sleeps, 1);
      seats = atomic_load(&region->seats);
      if (seats != 0) tk_futex_wait(&region->seats, seats);
      atomic_store(&region->caller_sleeps, 0);
    }
    seats = atomic_load_explicit(&region->seats, memory_order_acquire);
  }
  atomic_store_explicit(&region->taken, 0, memory_order_release);
}

static void tk_run(tk_pool *pool, uint32_t threads, size_t count, size_t grain, tk_pool_body body,
                   void *data, int is_short) {
  if (count == 0) return;
  if (pool == NULL || tk_inside) {
    body(data, 0, count);
    return;
  }
  if (grain == 0) grain = 1;
  size_t grains = (count - 1) / grain + 1;
  if (threads > pool->threads) threads = pool->threads;
  if (threads > grains) threads = (uint32_t)grains;
  tk_take_permit(pool);
  tk_inside = 1;
  tk_waking waking = TK_WAKE;
  if (threads > 1 && is_short) waking = tk_short_waking(pool);
  if (threads <= 1 || waking == TK_ALL_ASLEEP) {
    body(data, 0, count);
  } else {
    tk_run_region(pool, threads, count, grain, body, data, waking);
  }
  tk_inside = 0;
  tk_give_permit(pool);
}

void tk_pool_run(tk_pool *pool, uint32_t threads, size_t count, size_t grain, tk_pool_body body,
                 void *data) {
  tk_run(pool, threads, count, grain, body, data, 0);
}

void tk_pool_run_short(tk_pool *pool, uint32_t threads, size_t count, size_t grain,
                       tk_pool_body body, void *data) {
  tk_run(pool, threads, count, grain, body, data, 1);
}

/* MARK: life */

tk_pool *tk_pool_create(uint32_t threads) {
  if (threads == 0) threads = 1;
  if (threads > TK_OPEN_SEATS) threads = TK_OPEN_SEATS;
  tk_pool *pool = aligned_alloc(_Alignof(tk_pool), sizeof(tk_pool));
  tk_region *regions = aligned_alloc(_Alignof(tk_region), threads * sizeof(tk_region));
  pthread_t *workers = calloc(threads, sizeof(pthread_t));
  if (pool == NULL || regions == NULL || workers == NULL) {
    free(pool);
    free(regions);
    free(workers);
    return NULL;
  }
  *pool = (tk_pool){.permits = threads,
                    .threads = threads,
                    .starting = PTHREAD_MUTEX_INITIALIZER,
                    .worker_threads = workers,
                    .regions = regions};
  for (uint32_t i = 0; i < threads; ++i) regions[i] = (tk_region){0};
  return pool;
}

void tk_pool_destroy(tk_pool *pool) {
  atomic_store(&pool->stopping, 1);
  atomic_fetch_add(&pool->epoch, 1);
  tk_futex_wake(&pool->epoch, pool->threads);
  for (uint32_t i = 0; i < pool->workers; ++i) pthread_join(pool->worker_threads[i], NULL);
  free(pool->worker_threads);
  free(pool->regions);
  free(pool);
}

uint32_t tk_pool_threads(const tk_pool *pool) { return pool->threads; }
