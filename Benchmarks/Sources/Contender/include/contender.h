/* contender.h: a contender, a process that does named pieces of work again and again and says how long they take.
 *
 *     $ machine-limits --threads 1
 *     {"peer":"machine","threads":1,"about":"..."}         first line: who is there
 *     0.05 copy plain 1048576                              a request: seconds, then the case
 *     {"peer":"machine","threads":1,"case":"copy plain 1048576","calls":812,"min":1.4e-05,"median":1.5e-05}
 *     0.05 juggle
 *     {"peer":"machine","threads":1,"case":"juggle","missing":"no such case"}
 *
 * With cases as arguments it answers those and ends: `machine-limits --threads 2 'peak 100'`. Work is prepared
 * when its case comes up first and kept until another comes. Peers/contender.py is the same in Python.
 */
#ifndef CONTENDER_H
#define CONTENDER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One piece of work, ready to be done. */
typedef struct contender_work {
  /* Does it once. */
  void (*call)(void *data);
  /* Frees what it holds; NULL: nothing. */
  void (*end)(void *data);
  void *data;
} contender_work;

enum { CONTENDER_REASON = 256 };

/* Makes the work of a case ready. False, with a reason, where this contender does not do it. */
typedef int (*contender_prepare)(void *context, const char *words, uint32_t threads,
                                 contender_work *out, char reason[CONTENDER_REASON]);

typedef struct contender_timing {
  uint64_t calls;
  /* Seconds a call: of the fastest sample, and of the one in the middle. */
  double min, median;
} contender_timing;

/* Calls the work for about `seconds`. A sample is one call, or as many as last 20 us: reading the clock costs 25 ns
 * and should not show. */
contender_timing contender_time(const contender_work *work, double seconds);

/* The number that --threads gives, 1 by default. */
uint32_t contender_threads(int argc, char **argv);

/* Answers requests until the input ends. The exit status of the process. */
int contender_main(int argc, char **argv, const char *peer, const char *about,
                   contender_prepare prepare, void *context);

#ifdef __cplusplus
}
#endif

#endif
