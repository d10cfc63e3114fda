/* machine-limits: the contender that nobody can beat.
 *
 *     peak <megaflop>        so many million operations on each thread
 *     copy plain <bytes>     half of the working set to the other half, split among the threads
 *     copy stream <bytes>    the same with non-temporal stores
 *     read <bytes>           all of the working set
 *     pointer_call           a call through a pointer
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"

typedef struct job {
  crew *crew;
  uint32_t threads;
  enum { PEAK, COPY_PLAIN, COPY_STREAM, READ } kind;
  size_t amount;
  char *memory;
  volatile float sink;
} job;

static void nothing(void) {}
void (*volatile pointer_call)(void) = nothing;

/* One thread's share. */
static void part(void *data, uint32_t index) {
  job *j = data;
  if (j->kind == PEAK) {
    j->sink = peak_loop(j->amount);
    return;
  }
  size_t half = j->amount / 2, whole = j->kind == READ ? j->amount : half;
  size_t step = whole / j->threads / 512 * 512, begin = index * step;
  size_t bytes = index + 1 == j->threads ? whole / 512 * 512 - begin : step;
  const char *from = j->memory + begin;
  char *to = j->memory + half + begin;
  switch (j->kind) {
    case COPY_PLAIN: copy_plain(bytes, from, to); break;
    case COPY_STREAM: copy_stream(bytes, from, to); break;
    default: j->sink = read_loop(bytes, from);
  }
}

static void call(void *data) { crew_run(((job *)data)->crew, part, data); }

static void end(void *data) {
  free(((job *)data)->memory);
  free(data);
}

static void call_pointer(void *data) {
  (void)data;
  /* A thousand to a sample's call, whose own cost vanishes so. */
  for (int i = 0; i < 1000; i++) pointer_call();
}

static int prepare(void *context, const char *words, uint32_t threads, contender_work *out,
                   char reason[CONTENDER_REASON]) {
  if (strcmp(words, "pointer_call") == 0) {
    *out = (contender_work){call_pointer, NULL, NULL};
    return 1;
  }
  job j = {.crew = context, .threads = threads};
  if (sscanf(words, "peak %zu", &j.amount) == 1) {
    j.kind = PEAK;
    j.amount *= 1000000;
  } else if (sscanf(words, "copy plain %zu", &j.amount) == 1) {
    j.kind = COPY_PLAIN;
  } else if (sscanf(words, "copy stream %zu", &j.amount) == 1) {
    j.kind = COPY_STREAM;
  } else if (sscanf(words, "read %zu", &j.amount) == 1) {
    j.kind = READ;
  } else {
    return 0;
  }
  if (j.kind != PEAK) {
    j.amount = (j.amount + 1023) / 1024 * 1024;
    j.memory = aligned_alloc(4096, (j.amount + 4095) / 4096 * 4096);
    if (j.memory == NULL) {
      snprintf(reason, CONTENDER_REASON, "no memory");
      return 0;
    }
    memset(j.memory, 0, j.amount);
  }
  job *kept = malloc(sizeof *kept);
  if (kept == NULL) return 0;
  memcpy(kept, &j, sizeof j);
  *out = (contender_work){call, end, kept};
  return 1;
}

int main(int argc, char **argv) {
  crew *crew = crew_create(contender_threads(argc, argv));
  if (crew == NULL) return 1;
  const char *about = __builtin_cpu_supports("avx512f") ? "AVX-512" : "AVX2";
  return contender_main(argc, argv, "machine", about, prepare, crew);
}
