/* A perceptron of two layers for pictures of 8 x 8 points, on the ABI's headers alone: the host computes.
 * Its models: f32 w1 [64, 256], b1 [256], w2 [256, 10], b2 [10]. */
#include <cadre/cadre.h>
#include <math.h>
#include <stdlib.h>
#define STR(text) {(text), sizeof(text) - 1}
#define TEXT(text) (cadre_str) STR(text)
#define LIST(...) (cadre_tensor *[]){__VA_ARGS__}
#define AT(tensor) ((char *)(tensor)->data + (tensor)->byte_offset)
#define TRY(call) own->error = own->error == NULL ? (call) : own->error
#define HOST own->self->host
#define FAIL(host, code, text) (host)->error(host, code, TEXT(text), TEXT("digits"))
#define TASK "tensor.classify/1"
#define FORMAT "org.cadre.digits-mlp/1"
#define LABELS "{\"labels\":[\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}"
enum { FEATURES = 64, HIDDEN = 256, CLASSES = 10, EPOCHS = 60, BATCH = 32, PARAMETERS = 4 };
static const int64_t width[] = {FEATURES, HIDDEN, CLASSES};
static const cadre_str names[PARAMETERS] = {STR("w1"), STR("b1"), STR("w2"), STR("b2")};
typedef struct agent {
  cadre_agent table; /* first, so that its address is the agent's */
  const cadre_host *host;
  const cadre_ops *ops;
  const cadre_tapes *tapes;
  const cadre_models *models;
} agent;

/* One job: its first error, after which no call is made, and its tensors in the order of making. */
typedef struct work {
  const agent *self;
  cadre_op_context context;
  cadre_error *error;
  cadre_tensor *kept[32];
  int64_t count;
} work;

static cadre_tensor *make(work *own, uint32_t dtype, int rank, const int64_t *shape, const void *elements) {
  const cadre_tensor_spec spec = {CADRE_END_cadre_tensor_spec_elements, dtype, shape, (uint64_t)rank, elements};
  TRY(own->self->ops->create(HOST, &spec, &own->kept[own->count]));
  return own->error == NULL ? own->kept[own->count++] : NULL;
}

/* Runs an operation with 0 results (in place) or 1. */
static cadre_tensor *run_op(work *own, cadre_str name, const void *attributes, uint32_t results,
                            uint32_t count, cadre_tensor *const *inputs) {
  cadre_op_request request = {CADRE_END_cadre_op_request_outputs, count, inputs, attributes,
                              results, 0, &own->kept[own->count]};
  TRY(own->self->ops->run(HOST, &own->context, own->self->ops->find(HOST, name, 1), &request));
  return own->error == NULL && results == 1 ? own->kept[own->count++] : NULL;
}

static cadre_tensor *logits(work *own, cadre_tensor *x, cadre_tensor *const *p) {
  const cadre_attr_linear relu = {CADRE_END_cadre_attr_linear_activation, CADRE_RELU, 0};
  x = run_op(own, TEXT("linear"), &relu, 1, 3, LIST(x, p[0], p[1]));
  return run_op(own, TEXT("linear"), NULL, 1, 3, LIST(x, p[2], p[3]));
}

static void drop(work *own, int64_t count) {
  while (own->count > count) own->self->ops->release(HOST, own->kept[--own->count]);
}

/* A step of Adam on the rows that are chosen. p: parameters, then both moments. */
static void step(work *own, cadre_tensor *x, cadre_tensor *y, cadre_tensor *chosen, cadre_tensor **p,
                 const cadre_attr_adam *adam) {
  x = run_op(own, TEXT("embedding"), NULL, 1, 2, LIST(x, chosen));
  y = run_op(own, TEXT("embedding"), NULL, 1, 2, LIST(y, chosen));
  TRY(own->self->tapes->begin(HOST, &own->context.tape));
  for (int i = 0; i < PARAMETERS; i++) TRY(own->self->tapes->watch(HOST, own->context.tape, p[i]));
  x = run_op(own, TEXT("cross_entropy"), NULL, 1, 2, LIST(logits(own, x, p), y));
  cadre_tensor **g = &own->kept[own->count];
  TRY(own->self->tapes->gradient(HOST, &own->context, own->context.tape, x, p, PARAMETERS, g));
  own->count += own->error == NULL ? PARAMETERS : 0;
  own->self->tapes->release(HOST, own->context.tape);
  own->context.tape = NULL;
  for (int i = 0; i < PARAMETERS; i++)
    run_op(own, TEXT("adam_step"), adam, 0, 4, LIST(p[i], g[i], p[i + 4], p[i + 8]));
}

static uint64_t draw(uint64_t *s) { return (*s = *s * 6364136223846793005u + 1442695040888963407u) >> 32; }

/* Mini-batches in an order that is shuffled each epoch, by Knuth's MMIX generator. p: weights by He's rule. */
static void learn(work *own, const DLTensor *data, const DLTensor *target, cadre_tensor **p) {
  cadre_attr_adam adam = {CADRE_END_cadre_attr_adam_step, 0, 0.001, 0.9, 0.999, 1e-8, 0.01, 1};
  uint64_t state = HOST->jobs->seed(HOST, own->context.job);
  const int64_t rows = data->shape[0];
  int64_t *order = calloc((size_t)rows + 1, sizeof *order);
  if (order == NULL) TRY(FAIL(HOST, CADRE_RESOURCE_EXHAUSTED, "out of memory"));
  for (int i = 0; i < 3 * PARAMETERS; i++) {
    const int64_t *shape = &width[i % PARAMETERS / 2];
    float w[FEATURES * HIDDEN];
    for (int64_t j = 0; j < shape[0] * shape[1]; j++)
      w[j] = ((float)draw(&state) * 0x1p-31f - 1) * sqrtf(6 / (float)shape[0]);
    p[i] = make(own, CADRE_F32, 2 - i % 2, &shape[i % 2], i == 0 || i == 2 ? w : NULL);
  }
  cadre_tensor *x = make(own, CADRE_F32, 2, data->shape, AT(data)), *y = make(own, CADRE_I64, 1, &rows, AT(target));
  for (int epoch = 0; epoch < EPOCHS && own->error == NULL; epoch++) {
    for (int64_t i = 0, j; i < rows; order[j] = i++) { /* Fisher and Yates, from the inside out */
      j = (int64_t)(draw(&state) % (uint64_t)(i + 1));
      order[i] = order[j];
    }
    for (int64_t at = 0; at < rows && own->error == NULL; at += BATCH, adam.step++) {
      const int64_t mark = own->count, size = rows - at < BATCH ? rows - at : BATCH;
      step(own, x, y, make(own, CADRE_I64, 1, &size, order + at), p, &adam);
      drop(own, mark);
      if (HOST->jobs->stop(HOST, own->context.job)) TRY(FAIL(HOST, CADRE_CANCELLED, "stopped"));
    }
  }
  free(order);
}

static void train(work *own) {
  cadre_value x = {.size = CADRE_END_cadre_value_model}, y = x, model = {.size = x.size, .kind = CADRE_KIND_MODEL};
  const cadre_model_spec spec = {CADRE_END_cadre_model_spec_metadata, 0, TEXT(TASK), TEXT(FORMAT), TEXT(LABELS)};
  cadre_model_builder *builder = NULL;
  cadre_tensor *p[3 * PARAMETERS] = {NULL};
  TRY(HOST->jobs->input(HOST, own->context.job, TEXT("x"), &x));
  TRY(HOST->jobs->input(HOST, own->context.job, TEXT("target"), &y));
  if (own->error == NULL) learn(own, x.tensor, y.tensor, p);
  TRY(own->self->models->begin(HOST, &spec, &builder));
  for (int i = 0; i < PARAMETERS; i++) {
    DLManagedTensorVersioned *lent = NULL;
    TRY(own->self->ops->export_dlpack(HOST, p[i], &lent));
    TRY(own->self->models->add(HOST, builder, names[i], &lent->dl_tensor));
    if (lent != NULL) lent->deleter(lent);
  }
  if (own->error != NULL && builder != NULL) own->self->models->discard(HOST, builder);
  TRY(own->self->models->finish(HOST, builder, &model.model));
  TRY(HOST->jobs->output(HOST, own->context.job, TEXT("model"), &model));
}

static void classify(work *own, const cadre_model *model) {
  cadre_value x = {.size = CADRE_END_cadre_value_model}, logp = {.size = x.size, .kind = CADRE_KIND_TENSOR};
  cadre_tensor *p[PARAMETERS];
  for (int i = 0; i < PARAMETERS; i++) {
    const DLTensor *found = NULL;
    TRY(own->self->models->find(HOST, model, names[i], &found));
    p[i] = own->error == NULL ? make(own, CADRE_F32, found->ndim, found->shape, AT(found)) : NULL;
  }
  TRY(HOST->jobs->input(HOST, own->context.job, TEXT("x"), &x));
  if (own->error != NULL) return;
  cadre_tensor *y = logits(own, make(own, CADRE_F32, 2, x.tensor->shape, AT(x.tensor)), p);
  y = run_op(own, TEXT("log_softmax"), NULL, 1, 1, &y);
  TRY(own->self->ops->export_dlpack(HOST, y, &logp.managed));
  TRY(HOST->jobs->output(HOST, own->context.job, TEXT("logp"), &logp));
}

#define SERVES .task = STR(TASK), .format = STR(FORMAT)
#define PORT(kind_, ...) &(const cadre_port){.size = CADRE_END_cadre_port_device, .kind = kind_, __VA_ARGS__}
#define ROWS(type, rank, inner, size) .dtypes = 1u << (type), .dim_count = rank, \
  .dims = (const cadre_dim[]){{STR("rows"), 0, -1, -1}, {STR(inner), size, size, -1}}
static const cadre_str trains_for[] = {STR("for"), STR(TASK)};
static const cadre_port *const ports[] = {
    PORT(CADRE_KIND_TENSOR, .name = STR("target"), ROWS(CADRE_I64, 1, "", 0)),
    PORT(CADRE_KIND_TENSOR, .name = STR("x"), ROWS(CADRE_F32, 2, "features", FEATURES)),
    PORT(CADRE_KIND_MODEL, .name = STR("model"), SERVES, .flags = CADRE_PORT_BOUND),
    PORT(CADRE_KIND_TENSOR, .name = STR("logp"), ROWS(CADRE_F32, 2, "classes", CLASSES)),
    PORT(CADRE_KIND_MODEL, .name = STR("model"), SERVES)};
static const cadre_offer offers[] = {
    {.size = CADRE_END_cadre_offer_floor_memory, .task = STR("model.train/1"), .inputs = ports, .input_count = 2,
     .outputs = ports + 4, .output_count = 1, .attributes = trains_for, .attribute_count = 1},
    {.size = CADRE_END_cadre_offer_floor_memory, .task = STR(TASK), .inputs = ports + 1, .input_count = 2,
     .outputs = ports + 3, .output_count = 1}};

static uint32_t offer_count(cadre_agent *self) { return (void)self, 2; }
static const cadre_offer *offer(cadre_agent *self, uint32_t index) { return (void)self, &offers[index]; }
static void release(cadre_agent *self, cadre_assignment *own) { (void)self, (void)own; }
static void close_agent(cadre_agent *self) { free(self); }

/* An assignment is the model that it classifies with, or the agent itself where it trains. */
static cadre_error *prepare(cadre_agent *self, const cadre_award *award, cadre_assignment **out) {
  cadre_value value = {.size = CADRE_END_cadre_value_model};
  cadre_error *error = award->offer == 0 ? NULL : award->input(award, TEXT("model"), &value);
  *out = award->offer == 0 ? (cadre_assignment *)self : (cadre_assignment *)(uintptr_t)value.model;
  return error;
}

static cadre_error *run(cadre_agent *self, cadre_assignment *own, cadre_job job, uint32_t *out_state) {
  work work = {.self = (agent *)self, .context = {.size = CADRE_END_cadre_op_context_tape, .job = job}};
  own == (cadre_assignment *)self ? train(&work) : classify(&work, (const cadre_model *)own);
  *out_state = CADRE_FINISHED;
  return drop(&work, 0), work.error;
}

static cadre_error *start(const cadre_module *self, const cadre_host *host, cadre_str config, cadre_agent **out) {
  agent *made = ((void)self, (void)config, calloc(1, sizeof *made));
  if (made == NULL) return FAIL(host, CADRE_RESOURCE_EXHAUSTED, "out of memory");
  *made = (agent){{CADRE_END_cadre_agent_close, 0, NULL, offer_count, offer, NULL, prepare, run, NULL, release,
                   NULL, close_agent, NULL}, host, host->extension(host, TEXT(CADRE_OPS_ID)),
                  host->extension(host, TEXT(CADRE_TAPE_ID)), host->extension(host, TEXT(CADRE_MODEL_ID))};
  *out = &made->table;
  if (made->ops != NULL && made->tapes != NULL && made->models != NULL) return NULL;
  return free(made), FAIL(host, CADRE_UNIMPLEMENTED, "needs cadre.ops/1, cadre.tape/1 and cadre.model/1");
}

static const cadre_module module = {.size = CADRE_END_cadre_module_open, .id = STR("org.cadre.digits-mlp"),
                                    .version = STR("0.1.0"), .open = start};
CADRE_ENTRY(const cadre_boot *boot) {
  if (boot->major == CADRE_ABI_MAJOR && boot->minor == CADRE_ABI_MINOR) return &module;
  return boot->refuse(boot, TEXT("built for another version of the ABI")), NULL;
}
