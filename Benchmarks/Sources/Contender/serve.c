/* The protocol: requests on the standard input, answers on the standard output. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contender.h"

enum { LONGEST_CASE = 256 };

typedef struct server {
  const char *peer;
  uint32_t threads;
  contender_prepare prepare;
  void *context;
  /* The case that is ready, and its work; "": none. */
  char ready[LONGEST_CASE];
  contender_work work;
} server;

static void put_down(server *s) {
  if (s->ready[0] != 0 && s->work.end != NULL) s->work.end(s->work.data);
  s->ready[0] = 0;
}

static void answer(server *s, const char *words, double seconds) {
  char reason[CONTENDER_REASON] = "no such case";
  printf("{\"peer\":\"%s\",\"threads\":%u,\"case\":\"%s\",", s->peer, s->threads, words);
  if (strcmp(s->ready, words) != 0) {
    put_down(s);
    s->work = (contender_work){0};
    if (!s->prepare(s->context, words, s->threads, &s->work, reason)) {
      printf("\"missing\":\"%s\"}\n", reason);
      fflush(stdout);
      return;
    }
    snprintf(s->ready, sizeof s->ready, "%s", words);
  }
  contender_timing t = contender_time(&s->work, seconds);
  printf("\"calls\":%llu,\"min\":%.6g,\"median\":%.6g}\n", (unsigned long long)t.calls, t.min,
         t.median);
  fflush(stdout);
}

uint32_t contender_threads(int argc, char **argv) {
  for (int i = 1; i + 1 < argc; i++) {
    if (strcmp(argv[i], "--threads") == 0) return (uint32_t)strtoul(argv[i + 1], NULL, 10);
  }
  return 1;
}

int contender_main(int argc, char **argv, const char *peer, const char *about,
                   contender_prepare prepare, void *context) {
  server s = {.peer = peer,
              .threads = contender_threads(argc, argv),
              .prepare = prepare,
              .context = context};
  int named = 0;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--threads") == 0) {
      i++;
      continue;
    }
    answer(&s, argv[i], 0.5);
    named = 1;
  }
  if (!named) {
    printf("{\"peer\":\"%s\",\"threads\":%u,\"about\":\"%s\"}\n", peer, s.threads, about);
    fflush(stdout);
    char line[LONGEST_CASE];
    while (fgets(line, sizeof line, stdin) != NULL) {
      line[strcspn(line, "\n")] = 0;
      char *words;
      double seconds = strtod(line, &words);
      answer(&s, words + strspn(words, " "), seconds);
    }
  }
  put_down(&s);
  return 0;
}
