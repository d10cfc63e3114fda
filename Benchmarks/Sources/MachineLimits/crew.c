/* A second thread that begins within a fraction of a microsecond, and sleeps when nothing is measured. */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "limits.h"

struct crew {
  uint32_t threads;
  /* Counts the runs; a worker waits for its next value. */
  _Alignas(64) _Atomic uint32_t turn;
  _Atomic uint32_t asleep;
  /* Workers that are still at it. */
  _Alignas(64) _Atomic uint32_t busy;
  void (*body)(void *data, uint32_t index);
  void *data;
};

typedef struct member {
  crew *crew;
  uint32_t index;
} member;

/* About 100 us. */
enum { PATIENCE = 5000 };

static void *work(void *argument) {
  member me = *(member *)argument;
  free(argument);
  for (uint32_t seen = 0;; seen++) {
    for (int i = 0; atomic_load(&me.crew->turn) == seen; i++) {
      if (i < PATIENCE) {
        __builtin_ia32_pause();
        continue;
      }
      atomic_fetch_add(&me.crew->asleep, 1);
      syscall(SYS_futex, &me.crew->turn, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
      atomic_fetch_sub(&me.crew->asleep, 1);
    }
    me.crew->body(me.crew->data, me.index);
    atomic_fetch_sub(&me.crew->busy, 1);
  }
  return NULL;
}

crew *crew_create(uint32_t threads) {
  crew *made = aligned_alloc(64, sizeof *made);
  if (made == NULL) return NULL;
  *made = (crew){.threads = threads};
  for (uint32_t i = 1; i < threads; i++) {
    member *one = malloc(sizeof *one);
    pthread_t thread;
    if (one == NULL) return NULL;
    *one = (member){made, i};
    if (pthread_create(&thread, NULL, work, one) != 0) return NULL;
  }
  return made;
}

void crew_run(crew *crew, void (*body)(void *data, uint32_t index), void *data) {
  crew->body = body;
  crew->data = data;
  atomic_store(&crew->busy, crew->threads - 1);
  if (crew->threads > 1) {
    atomic_fetch_add(&crew->turn, 1);
    if (atomic_load(&crew->asleep) > 0) {
      syscall(SYS_futex, &crew->turn, FUTEX_WAKE_PRIVATE, (int)crew->threads, NULL, NULL, 0);
    }
  }
  body(data, 0);
  while (atomic_load(&crew->busy) > 0) __builtin_ia32_pause();
}
