/* Gives back what it gets, of every kind. A tensor comes back as a copy of its own, with a counted deleter; the
 * rest as it was lent. */
#include "shell.h"

#define PORT(id, what, ...)                              \
  {                                                      \
    .size = CADRE_END_cadre_port_device, .kind = (what), \
    .flags = CADRE_PORT_OPTIONAL, .name = {id, sizeof(id) - 1}, __VA_ARGS__ \
  }

static const cadre_dim dims[] = {
    {.symbol = {"rows", 4}, .min = 0, .max = -1, .estimate = -1},
    {.symbol = {NULL, 0}, .min = 2, .max = 2, .estimate = 2},
};
static const cadre_str pii[] = {{"pii", 3}};
static const cadre_column text = {.size = CADRE_END_cadre_column_flags,
                                  .dtype = CADRE_UTF8,
                                  .name = {"text", 4},
                                  .labels = pii,
                                  .label_count = 1};
static const cadre_column number = {
    .size = CADRE_END_cadre_column_flags, .dtype = CADRE_F64, .name = {"number", 6}};
static const cadre_column *const columns[] = {&text, &number};

static const cadre_port ports[] = {
    PORT("tensor", CADRE_KIND_TENSOR, .dtypes = 1u << CADRE_F32 | 1u << CADRE_I64, .dims = dims,
         .dim_count = 2),
    PORT("rows", CADRE_KIND_TABLE, .columns = columns, .column_count = 2),
    PORT("text", CADRE_KIND_TEXT, .about = {"one text", 8}),
    PORT("bytes", CADRE_KIND_BYTES, .dtypes = 0),
    PORT("json", CADRE_KIND_JSON, .dtypes = 0),
    PORT("f64", CADRE_KIND_SCALAR, .dtypes = 1u << CADRE_F64),
    PORT("i64", CADRE_KIND_SCALAR, .dtypes = 1u << CADRE_I64),
    PORT("bool", CADRE_KIND_SCALAR, .dtypes = 1u << CADRE_BOOL),
    PORT("utf8", CADRE_KIND_SCALAR, .dtypes = 1u << CADRE_UTF8),
    PORT("data", CADRE_KIND_DATASET, .columns = columns, .column_count = 2),
    PORT("model", CADRE_KIND_MODEL, .task = {"text.classify/1", 15}),
    PORT("state", CADRE_KIND_STATE, .dtypes = 0),
    PORT("settings", CADRE_KIND_SETTINGS, .dtypes = 0),
    PORT("texts", CADRE_KIND_TEXT, .constructors = CADRE_OF_TEAM),
    PORT("stream", CADRE_KIND_TEXT, .constructors = CADRE_OF_STREAM),
};
enum { PORTS = sizeof ports / sizeof ports[0] };
static const cadre_port *pointers[PORTS];

static const cadre_setting rate = {
    .size = CADRE_END_cadre_setting_choice_count,
    .dtype = CADRE_F64,
    .flags = CADRE_SETTING_TUNABLE | CADRE_SETTING_LOG,
    .name = {"rate", 4},
    .initial = {"0.5", 3},
    .min = 0.001,
    .max = 1,
};
static const cadre_setting *const settings[] = {&rate};
static const cadre_str attributes[] = {{"source", 6}, {"csv", 3}};

static cadre_offer offer = {
    .size = CADRE_END_cadre_offer_floor_memory,
    .flags = CADRE_OFFER_DETERMINISTIC | CADRE_OFFER_IDEMPOTENT,
    .task = {"test.echo/1", 11},
    .about = {"gives back what it gets", 23},
    .inputs = pointers,
    .input_count = PORTS,
    .outputs = pointers,
    .output_count = PORTS,
    .settings = settings,
    .setting_count = 1,
    .attributes = attributes,
    .attribute_count = 1,
    .max_jobs = 2,
    .floor_threads = 1,
    .floor_memory = 1000,
};

static cadre_error *echo_stream(const cadre_host *host, cadre_job job) {
  uint32_t answer = 0;
  for (;;) {
    cadre_value value = {.size = CADRE_END_cadre_value_member_count};
    TRY(host->jobs->next(host, job, STR("stream"), 1000, &value, &answer));
    if (answer != CADRE_STREAM_VALUE) return NULL;
    TRY(host->jobs->emit(host, job, STR("stream"), &value, 1000, &answer));
    if (answer != CADRE_STREAM_VALUE) return NULL;
  }
}

static cadre_error *run(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                        uint32_t *out_state) {
  (void)assignment;
  const cadre_host *host = ((shell_agent *)self)->host;
  for (int i = 0; i < PORTS; i++) {
    if (ports[i].constructors & CADRE_OF_STREAM) {
      TRY(echo_stream(host, job));
      continue;
    }
    cadre_value value;
    cadre_error *error = shell_input(host, job, ports[i].name, &value);
    if (error != NULL) {
      uint32_t code = error->code(error);
      if (code != CADRE_NOT_FOUND) return error;
      error->release(error);
      continue;
    }
    if (value.kind == CADRE_KIND_TENSOR && value.dtype == CADRE_F32) {
      value.managed = fixture_tensor(value.tensor->shape, value.tensor->ndim, 0, &deleted);
      int64_t count = 1;
      for (int32_t axis = 0; axis < value.tensor->ndim; axis++) count *= value.tensor->shape[axis];
      memcpy(value.managed->dl_tensor.data, value.tensor->data, (size_t)count * sizeof(float));
    }
    TRY(host->jobs->output(host, job, ports[i].name, &value));
  }
  host->jobs->progress(host, job, 1, STR("echoed"));
  host->log(host, CADRE_LOG_INFO, STR("echoed"));
  *out_state = CADRE_FINISHED;
  return NULL;
}

static cadre_error *bid(cadre_agent *self, const cadre_call *call, cadre_bid *out) {
  (void)self;
  if (call->items < 0) {
    call->explain(call, CADRE_EXPLAIN_WISH, STR("the number of items"));
    out->verdict = CADRE_BID_IF;
    return NULL;
  }
  if (call->items == 0) {
    call->explain(call, CADRE_EXPLAIN_REASON, STR("there is nothing to do"));
    out->verdict = CADRE_BID_NO;
    return NULL;
  }
  out->verdict = CADRE_BID_YES;
  out->fixed_p50 = 1000;
  out->item_p50 = 20;
  out->item_p95 = 30;
  out->memory = 4096;
  out->quality = call->dim_count == 1 && call->dims[0].min == 7 ? 0.75 : 2;
  call->explain(call, CADRE_EXPLAIN_REASON, STR("measured"));
  return NULL;
}

/* cadre.feedback/1: takes what is about "macro_f1" and refuses the rest. */
static cadre_error *receive(cadre_agent *self, cadre_assignment *assignment,
                            const cadre_feedback_message *message) {
  (void)assignment;
  if (message->metric.size == 8 && memcmp(message->metric.data, "macro_f1", 8) == 0) return NULL;
  const cadre_host *host = ((shell_agent *)self)->host;
  return host->error(host, CADRE_INVALID_ARGUMENT, STR("an unknown metric"), STR("metric"));
}

static const cadre_feedback feedback = {.size = CADRE_END_cadre_feedback_receive,
                                        .receive = receive};

static const void *extension(cadre_agent *self, cadre_str id) {
  (void)self;
  return id.size == sizeof CADRE_FEEDBACK_ID - 1 && memcmp(id.data, CADRE_FEEDBACK_ID, id.size) == 0
             ? &feedback
             : NULL;
}

static cadre_error *open(const cadre_module *self, const cadre_host *host, cadre_str config,
                         cadre_agent **out) {
  (void)self;
  for (int i = 0; i < PORTS; i++) pointers[i] = &ports[i];
  shell_agent *agent = shell_open(host, config, &offer, run);
  agent->table.bid = bid;
  agent->table.extension = extension;
  *out = &agent->table;
  return NULL;
}

static const cadre_module module = {
    .size = CADRE_END_cadre_module_extension,
    .id = {"org.example.echo", 16},
    .version = {"1.2.3", 5},
    .open = open,
};

const cadre_module *fixture_echo(void) { return &module; }
