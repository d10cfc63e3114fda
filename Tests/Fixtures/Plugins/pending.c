/* Answers from a thread of its own, in several ways, not all of them right. */
#include <pthread.h>

#include "shell.h"

static const cadre_port text = {
    .size = CADRE_END_cadre_port_device, .kind = CADRE_KIND_TEXT, .name = {"text", 4}};
static const cadre_port *const ports[] = {&text};
static const cadre_offer offer = {
    .size = CADRE_END_cadre_offer_floor_memory,
    .task = {"test.pend/1", 11},
    .outputs = ports,
    .output_count = 1,
    .settings = shell_mode_settings,
    .setting_count = 1,
    .max_jobs = 4,
};

typedef struct work {
  const cadre_host *host;
  cadre_assignment *assignment;
  cadre_job job;
} work;

static _Atomic uint64_t last_job;

static void *answer(void *data) {
  work work_ = *(work *)data;
  free(data);
  const cadre_host *host = work_.host;
  cadre_assignment *assignment = work_.assignment;
  int is_error = shell_mode(assignment, "error");
  /* Read before the job ends: the assignment may be gone afterwards. */
  int is_twice = shell_mode(assignment, "twice");
  cadre_value value = {
      .size = CADRE_END_cadre_value_text, .kind = CADRE_KIND_TEXT, .text = {"late", 4}};
  cadre_error *error = host->jobs->output(host, work_.job, STR("text"), &value);
  if (error != NULL) error->release(error);
  host->jobs->done(host, work_.job,
                   is_error ? shell_error(CADRE_ABORTED, "changed its mind") : NULL);
  if (is_twice) host->jobs->done(host, work_.job, shell_error(CADRE_ABORTED, "once more"));
  return NULL;
}

static cadre_error *run(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                        uint32_t *out_state) {
  const cadre_host *host = ((shell_agent *)self)->host;
  if (shell_mode(assignment, "stale")) {
    /* Uses the number of a job that has ended. */
    cadre_value value;
    cadre_error *error = shell_input(host, atomic_load(&last_job), STR("text"), &value);
    if (error != NULL) return error;
  }
  atomic_store(&last_job, job);
  work *mine = malloc(sizeof *mine);
  *mine = (work){host, assignment, job};
  *out_state = CADRE_PENDING;
  if (shell_mode(assignment, "early") || shell_mode(assignment, "both") ||
      shell_mode(assignment, "twice")) {
    answer(mine);
    if (shell_mode(assignment, "both")) *out_state = CADRE_FINISHED;
    return NULL;
  }
  pthread_t thread;
  if (pthread_create(&thread, NULL, answer, mine) != 0) {
    free(mine);
    return host->error(host, CADRE_RESOURCE_EXHAUSTED, STR("no thread"), STR(""));
  }
  pthread_detach(thread);
  return NULL;
}

static cadre_error *open(const cadre_module *self, const cadre_host *host, cadre_str config,
                         cadre_agent **out) {
  (void)self;
  *out = &shell_open(host, config, &offer, run)->table;
  return NULL;
}

static const cadre_module module = {
    .size = CADRE_END_cadre_module_extension,
    .id = {"org.example.pending", 19},
    .version = {"1.0.0", 5},
    .open = open,
};

const cadre_module *fixture_pending(void) { return &module; }
