/* Taking times. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <time.h>

#include "contender.h"

enum { MOST_SAMPLES = 1 << 14 };

static const double SHORTEST_SAMPLE = 20e-6;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double sample(const contender_work *work, uint64_t calls) {
  double begin = now();
  for (uint64_t i = 0; i < calls; i++) work->call(work->data);
  return now() - begin;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

contender_timing contender_time(const contender_work *work, double seconds) {
  static double samples[MOST_SAMPLES];
  /* Another contender ran before, so caches are cold and a core may be slow to wake: the first calls do not count. */
  double warm_up = now() + seconds / 8;
  uint64_t calls = 1;
  do {
    double took = sample(work, calls);
    if (took < SHORTEST_SAMPLE) calls *= 2;
  } while (now() < warm_up);

  size_t count = 0;
  double end = now() + seconds;
  do {
    samples[count++] = sample(work, calls) / (double)calls;
  } while (count < MOST_SAMPLES && (now() < end || count < 3));
  qsort(samples, count, sizeof(double), by_value);
  return (contender_timing){.calls = count * calls, .min = samples[0], .median = samples[count / 2]};
}
