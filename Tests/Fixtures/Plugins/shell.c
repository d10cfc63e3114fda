#include "shell.h"

_Atomic uint64_t errors_released, closed;
uint64_t deleted;
_Atomic int64_t assignments;

uint64_t fixture_deleted(void) { return __atomic_load_n(&deleted, __ATOMIC_SEQ_CST); }
uint64_t fixture_errors_released(void) { return atomic_load(&errors_released); }
uint64_t fixture_closed(void) { return atomic_load(&closed); }
int64_t fixture_assignments(void) { return atomic_load(&assignments); }

static const cadre_setting mode_setting = {
    .size = CADRE_END_cadre_setting_choice_count,
    .dtype = CADRE_UTF8,
    .name = {"mode", 4},
    .about = {"what to do", 10},
    .initial = {"\"normal\"", 8},
};
const cadre_setting *const shell_mode_settings[1] = {&mode_setting};

void shell_copy(char *to, size_t capacity, cadre_str from) {
  size_t count = from.size < capacity - 1 ? (size_t)from.size : capacity - 1;
  if (count > 0) memcpy(to, from.data, count);
  to[count] = 0;
}

int shell_mode(const cadre_assignment *assignment, const char *mode) {
  char wanted[64] = "\"mode\":\"";
  strncat(wanted, mode, 40);
  strncat(wanted, "\"", 2);
  return strstr(((const shell_assignment *)assignment)->settings, wanted) != NULL;
}

cadre_error *shell_input(const cadre_host *host, cadre_job job, cadre_str port, cadre_value *out) {
  memset(out, 0, sizeof *out);
  out->size = CADRE_END_cadre_value_member_count;
  return host->jobs->input(host, job, port, out);
}

/* An error object that is not the host's. */

typedef struct own_error {
  cadre_error table;
  uint32_t code;
  char message[128];
  struct own_error *cause;
} own_error;

static uint32_t error_code(const cadre_error *self) { return ((const own_error *)self)->code; }

static cadre_str error_message(const cadre_error *self) {
  const own_error *error = (const own_error *)self;
  return (cadre_str){error->message, strlen(error->message)};
}

static cadre_str error_where(const cadre_error *self) {
  (void)self;
  return STR("fixture.c:1");
}

static const cadre_error *error_cause(const cadre_error *self) {
  return (const cadre_error *)((const own_error *)self)->cause;
}

static uint64_t error_retry_after(const cadre_error *self) {
  (void)self;
  return 5000000000ull;
}

static void error_release(cadre_error *self) {
  atomic_fetch_add(&errors_released, 1);
  free(((own_error *)self)->cause);
  free(self);
}

static own_error *make_error(uint32_t code, const char *message) {
  own_error *error = calloc(1, sizeof *error);
  error->table = (cadre_error){
      .size = CADRE_END_cadre_error_release,
      .code = error_code,
      .message = error_message,
      .where = error_where,
      .cause = error_cause,
      .retry_after = error_retry_after,
      .release = error_release,
  };
  error->code = code;
  strncpy(error->message, message, sizeof error->message - 1);
  return error;
}

cadre_error *shell_error(uint32_t code, const char *message) {
  own_error *error = make_error(code, message);
  error->cause = make_error(CADRE_DATA_LOSS, "the disk was full");
  return &error->table;
}

/* The skeleton of an agent. */

static uint32_t offer_count(cadre_agent *self) {
  (void)self;
  return 1;
}

static const cadre_offer *offer(cadre_agent *self, uint32_t index) {
  return index == 0 ? ((shell_agent *)self)->offer : NULL;
}

static cadre_error *prepare(cadre_agent *self, const cadre_award *award, cadre_assignment **out) {
  (void)self;
  shell_assignment *assignment = calloc(1, sizeof *assignment);
  shell_copy(assignment->settings, sizeof assignment->settings, award->settings);
  atomic_fetch_add(&assignments, 1);
  *out = (cadre_assignment *)assignment;
  return NULL;
}

static void release(cadre_agent *self, cadre_assignment *assignment) {
  (void)self;
  atomic_fetch_sub(&assignments, 1);
  free(assignment);
}

static void close_agent(cadre_agent *self) {
  atomic_fetch_add(&closed, 1);
  free(self);
}

shell_agent *shell_open(const cadre_host *host, cadre_str config, const cadre_offer *what,
                        shell_run run) {
  shell_agent *agent = calloc(1, sizeof *agent);
  agent->table = (cadre_agent){
      .size = CADRE_END_cadre_agent_extension,
      .data = agent,
      .offer_count = offer_count,
      .offer = offer,
      .prepare = prepare,
      .run = run,
      .release = release,
      .close = close_agent,
  };
  agent->host = host;
  agent->offer = what;
  shell_copy(agent->config, sizeof agent->config, config);
  return agent;
}

/* Tensors that are counted. */

typedef struct own_tensor {
  DLManagedTensorVersioned managed;
  int64_t shape[8];
  float *elements;
  uint64_t *counter;
} own_tensor;

static void delete_tensor(DLManagedTensorVersioned *self) {
  own_tensor *tensor = self->manager_ctx;
  __atomic_fetch_add(tensor->counter, 1, __ATOMIC_SEQ_CST);
  free(tensor->elements);
  free(tensor);
}

DLManagedTensorVersioned *fixture_tensor(const int64_t *shape, int32_t rank, float fill,
                                         uint64_t *counter) {
  own_tensor *tensor = calloc(1, sizeof *tensor);
  tensor->counter = counter;
  int64_t count = 1;
  for (int32_t i = 0; i < rank; i++) {
    tensor->shape[i] = shape[i];
    count *= shape[i];
  }
  tensor->elements = malloc((size_t)(count > 0 ? count : 1) * sizeof(float));
  for (int64_t i = 0; i < count; i++) tensor->elements[i] = fill;
  tensor->managed.version = (DLPackVersion){DLPACK_MAJOR_VERSION, DLPACK_MINOR_VERSION};
  tensor->managed.manager_ctx = tensor;
  tensor->managed.deleter = delete_tensor;
  tensor->managed.dl_tensor = (DLTensor){
      .data = tensor->elements,
      .device = {kDLCPU, 0},
      .ndim = rank,
      .dtype = {kDLFloat, 32, 1},
      .shape = tensor->shape,
  };
  return &tensor->managed;
}
