/* Gives outputs that do not fit its ports, and hands the host's error on. */
#include "shell.h"

static const cadre_column text = {
    .size = CADRE_END_cadre_column_flags, .dtype = CADRE_UTF8, .name = {"text", 4}};
static const cadre_column *const columns[] = {&text};
static const cadre_dim dims[] = {
    {.symbol = {"rows", 4}, .min = 0, .max = -1, .estimate = -1},
    {.symbol = {"classes", 7}, .min = 2, .max = -1, .estimate = -1},
};
static const cadre_port rows = {.size = CADRE_END_cadre_port_device,
                                .kind = CADRE_KIND_TABLE,
                                .name = {"rows", 4},
                                .columns = columns,
                                .column_count = 1};
static const cadre_port logp = {.size = CADRE_END_cadre_port_device,
                                .kind = CADRE_KIND_TENSOR,
                                .name = {"logp", 4},
                                .dtypes = 1u << CADRE_F32,
                                .dims = dims,
                                .dim_count = 2};
static const cadre_port again = {.size = CADRE_END_cadre_port_device,
                                 .kind = CADRE_KIND_TENSOR,
                                 .flags = CADRE_PORT_OPTIONAL,
                                 .name = {"again", 5},
                                 .dtypes = 1u << CADRE_F32,
                                 .dims = dims,
                                 .dim_count = 2};
static const cadre_port *const inputs[] = {&rows};
static const cadre_port *const outputs[] = {&logp, &again};
static const cadre_offer offer = {
    .size = CADRE_END_cadre_offer_floor_memory,
    .task = {"test.misfit/1", 13},
    .inputs = inputs,
    .input_count = 1,
    .outputs = outputs,
    .output_count = 2,
    .settings = shell_mode_settings,
    .setting_count = 1,
};

static cadre_error *give(const cadre_host *host, cadre_job job, cadre_str port, int64_t a,
                         int64_t b, int32_t rank) {
  int64_t shape[] = {a, b, 1};
  cadre_value value = {.size = CADRE_END_cadre_value_managed,
                       .kind = CADRE_KIND_TENSOR,
                       .managed = fixture_tensor(shape, rank, -1, &deleted)};
  return host->jobs->output(host, job, port, &value);
}

static cadre_error *run(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                        uint32_t *out_state) {
  const cadre_host *host = ((shell_agent *)self)->host;
  *out_state = CADRE_FINISHED;
  if (shell_mode(assignment, "missing")) return NULL;
  if (shell_mode(assignment, "rank")) return give(host, job, STR("logp"), 3, 2, 3);
  if (shell_mode(assignment, "rows")) return give(host, job, STR("logp"), 4, 2, 2);
  if (shell_mode(assignment, "range")) return give(host, job, STR("logp"), 3, 1, 2);
  if (shell_mode(assignment, "port")) return give(host, job, STR("log_p"), 3, 2, 2);
  if (shell_mode(assignment, "symbols")) {
    TRY(give(host, job, STR("logp"), 3, 2, 2));
    return give(host, job, STR("again"), 3, 5, 2);
  }
  if (shell_mode(assignment, "twice")) {
    TRY(give(host, job, STR("logp"), 3, 2, 2));
    return give(host, job, STR("logp"), 3, 2, 2);
  }
  if (shell_mode(assignment, "kind")) {
    int64_t shape[] = {3, 2};
    /* Says text and gives a tensor: the tensor must be freed all the same. */
    cadre_value value = {.size = CADRE_END_cadre_value_managed,
                         .kind = CADRE_KIND_TEXT,
                         .text = {"?", 1},
                         .managed = fixture_tensor(shape, 2, 0, &deleted)};
    return host->jobs->output(host, job, STR("logp"), &value);
  }
  if (shell_mode(assignment, "layout")) {
    int64_t shape[] = {3, 2};
    DLManagedTensorVersioned *managed = fixture_tensor(shape, 2, 0, &deleted);
    managed->dl_tensor.device.device_type = 2;
    cadre_value value = {.size = CADRE_END_cadre_value_managed,
                         .kind = CADRE_KIND_TENSOR,
                         .managed = managed};
    return host->jobs->output(host, job, STR("logp"), &value);
  }
  int64_t shape[] = {3, 2};
  cadre_tensor_request request = {
      .size = CADRE_END_cadre_tensor_request_rank, .dtype = CADRE_F32, .shape = shape, .rank = 2};
  if (shell_mode(assignment, "dtype")) request.dtype = CADRE_F64;
  if (shell_mode(assignment, "absurd")) shape[0] = INT64_MAX / 2;
  void *data = NULL;
  TRY(host->jobs->allocate(host, job, STR("logp"), &request, &data));
  if ((uintptr_t)data % 64 != 0) return shell_error(CADRE_INTERNAL, "not 64-byte aligned");
  float *logp_ = data;
  for (int i = 0; i < 6; i++) {
    if (logp_[i] != 0) return shell_error(CADRE_INTERNAL, "not zeroed");
    logp_[i] = -(float)i;
  }
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
    .id = {"org.example.misfit", 18},
    .version = {"1.0.0", 5},
    .open = open,
};

const cadre_module *fixture_misfit(void) { return &module; }
