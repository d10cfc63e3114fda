/* shell.h: what the fixtures share: texts, errors, counters, an agent's skeleton. */
#ifndef CADRE_FIXTURE_SHELL_H
#define CADRE_FIXTURE_SHELL_H

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "include/fixtures.h"

#define STR(text) ((cadre_str){(text), sizeof(text) - 1})
#define TRY(call)                        \
  do {                                   \
    cadre_error *error_ = (call);        \
    if (error_ != NULL) return error_;   \
  } while (0)

extern _Atomic uint64_t errors_released, closed;
extern uint64_t deleted;
extern _Atomic int64_t assignments;

/* An agent: the table comes first, so that a pointer to one is a pointer to the other. */
typedef struct shell_agent {
  cadre_agent table;
  const cadre_host *host;
  const cadre_offer *offer;
  char config[256];
} shell_agent;

/* An assignment: the settings, as text. */
typedef struct shell_assignment {
  char settings[512];
  const cadre_award *award;
} shell_assignment;

typedef cadre_error *(*shell_run)(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                                  uint32_t *out_state);

/* An opened agent with one offer that does what `run` does. */
shell_agent *shell_open(const cadre_host *host, cadre_str config, const cadre_offer *offer,
                        shell_run run);
/* Whether the settings of the assignment hold `"mode":"<mode>"`. */
int shell_mode(const cadre_assignment *assignment, const char *mode);
/* An error object of the fixture's own, with a cause behind it. */
cadre_error *shell_error(uint32_t code, const char *message);
/* Copies a text into a buffer and ends it. */
void shell_copy(char *to, size_t capacity, cadre_str from);
/* The value on an input. */
cadre_error *shell_input(const cadre_host *host, cadre_job job, cadre_str port, cadre_value *out);

/* One setting `mode`, of utf8, with a default. */
extern const cadre_setting *const shell_mode_settings[1];

#endif
