/* Does not stop when it is asked to, unless it is polite. */
#include <pthread.h>

#include "shell.h"

static const cadre_dim dim = {.min = 3, .max = 3};
static const cadre_port logp = {.size = CADRE_END_cadre_port_device,
                                .kind = CADRE_KIND_TENSOR,
                                .name = {"logp", 4},
                                .dtypes = 1u << CADRE_F32,
                                .dims = &dim,
                                .dim_count = 1};
static const cadre_port *const ports[] = {&logp};
static const cadre_setting polite = {.size = CADRE_END_cadre_setting_choice_count,
                                     .dtype = CADRE_UTF8,
                                     .name = {"polite", 6},
                                     .initial = {"\"no\"", 4}};
static const cadre_setting *const settings[] = {&polite};
static const cadre_offer offer = {
    .size = CADRE_END_cadre_offer_floor_memory,
    .task = {"test.hold/1", 11},
    .outputs = ports,
    .output_count = 1,
    .settings = settings,
    .setting_count = 1,
    .max_jobs = 1,
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int may_go;
static uint64_t cancelled;

void fixture_let_go(void) {
  pthread_mutex_lock(&lock);
  may_go = 1;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

void fixture_hold(void) {
  pthread_mutex_lock(&lock);
  may_go = 0;
  pthread_mutex_unlock(&lock);
}

static void cancel(cadre_agent *self, cadre_job job) {
  (void)self;
  pthread_mutex_lock(&lock);
  cancelled = job;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

static cadre_error *run(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                        uint32_t *out_state) {
  const cadre_host *host = ((shell_agent *)self)->host;
  int is_polite = strstr(((shell_assignment *)assignment)->settings, "\"yes\"") != NULL;
  int gives_best = strstr(((shell_assignment *)assignment)->settings, "\"best\"") != NULL;
  host->jobs->progress(host, job, -1, STR("holding"));
  pthread_mutex_lock(&lock);
  while (!may_go && !((is_polite || gives_best) && cancelled == job))
    pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
  if (is_polite && host->jobs->stop(host, job))
    return host->error(host, CADRE_CANCELLED, STR("stopped as asked"), STR(""));
  int64_t length = 3;
  cadre_value value = {.size = CADRE_END_cadre_value_managed,
                       .kind = CADRE_KIND_TENSOR,
                       .managed = fixture_tensor(&length, 1, 1, &deleted)};
  cadre_error *error = host->jobs->output(host, job, STR("logp"), &value);
  *out_state = CADRE_FINISHED;
  return error;
}

static cadre_error *open(const cadre_module *self, const cadre_host *host, cadre_str config,
                         cadre_agent **out) {
  (void)self;
  shell_agent *agent = shell_open(host, config, &offer, run);
  agent->table.cancel = cancel;
  *out = &agent->table;
  return NULL;
}

static const cadre_module module = {
    .size = CADRE_END_cadre_module_extension,
    .id = {"org.example.stubborn", 20},
    .version = {"1.0.0", 5},
    .open = open,
};

const cadre_module *fixture_stubborn(void) { return &module; }
