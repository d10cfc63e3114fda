/* Learns XOR on the host's operations: two layers, tanh, cross-entropy, Adam. */
#include "shell.h"

static cadre_error *make(const cadre_ops *ops, const cadre_host *host, uint32_t dtype, int64_t a,
                         int64_t b, const void *elements, cadre_tensor **out) {
  int64_t shape[] = {a, b};
  cadre_tensor_spec spec = {.size = CADRE_END_cadre_tensor_spec_elements,
                            .dtype = dtype,
                            .shape = shape,
                            .rank = b > 0 ? 2 : 1,
                            .elements = elements};
  return ops->create(host, &spec, out);
}

static cadre_error *call(const cadre_ops *ops, const cadre_host *host, cadre_job job,
                         cadre_tape *tape, const char *name, const void *attributes,
                         cadre_tensor *const *inputs, uint32_t count, cadre_tensor **out) {
  const cadre_op *op = ops->find(host, (cadre_str){name, strlen(name)}, 1);
  cadre_op_context context = {
      .size = CADRE_END_cadre_op_context_device, .job = job, .tape = tape};
  cadre_op_request request = {.size = CADRE_END_cadre_op_request_outputs,
                              .inputs = inputs,
                              .input_count = count,
                              .attributes = attributes,
                              .outputs = out,
                              .output_count = out != NULL ? 1 : 0};
  return ops->run(host, &context, op, &request);
}

enum { HIDDEN = 8, STEPS = 400, PARAMETERS = 4 };

/* The handles of one step, in the order in which they are made. */
typedef struct step {
  cadre_tensor *made[8];
  int count;
} step;

static cadre_error *forward(const cadre_ops *ops, const cadre_host *host, cadre_job job,
                            cadre_tape *tape, cadre_tensor **w, cadre_tensor *x, step *s,
                            cadre_tensor **logits) {
  const char *names[] = {"matmul", "add", "tanh", "matmul", "add"};
  cadre_tensor *left = x;
  for (int i = 0, parameter = 0; i < 5; i++) {
    cadre_tensor *inputs[] = {left, i == 2 ? NULL : w[parameter]};
    if (i != 2) parameter++;
    TRY(call(ops, host, job, tape, names[i], NULL, inputs, i == 2 ? 1 : 2, &s->made[s->count]));
    left = s->made[s->count++];
  }
  *logits = left;
  return NULL;
}

static void drop(const cadre_ops *ops, const cadre_host *host, step *s) {
  for (int i = 0; i < s->count; i++) ops->release(host, s->made[i]);
  s->count = 0;
}

static cadre_error *train_step(const cadre_ops *ops, const cadre_tapes *tapes,
                               const cadre_host *host, cadre_job job, uint64_t number,
                               cadre_tensor **w, cadre_tensor **moments, cadre_tensor *x,
                               cadre_tensor *y) {
  cadre_tape *tape = NULL;
  step s = {.count = 0};
  cadre_tensor *logits = NULL, *gradients[PARAMETERS] = {NULL};
  TRY(tapes->begin(host, &tape));
  for (int i = 0; i < PARAMETERS; i++) TRY(tapes->watch(host, tape, w[i]));
  TRY(forward(ops, host, job, tape, w, x, &s, &logits));
  cadre_tensor *pair[] = {logits, y};
  TRY(call(ops, host, job, tape, "cross_entropy", NULL, pair, 2, &s.made[s.count]));
  s.count++;
  const cadre_op_context context = {.size = CADRE_END_cadre_op_context_device, .job = job};
  TRY(tapes->gradient(host, &context, tape, s.made[s.count - 1], w, PARAMETERS, gradients));
  cadre_attr_adam adam = {.size = CADRE_END_cadre_attr_adam_step,
                          .learning_rate = 0.05,
                          .beta1 = 0.9,
                          .beta2 = 0.999,
                          .epsilon = 1e-8,
                          .step = number};
  for (int i = 0; i < PARAMETERS; i++) {
    cadre_tensor *operands[] = {w[i], gradients[i], moments[2 * i], moments[2 * i + 1]};
    TRY(call(ops, host, job, NULL, "adam_step", &adam, operands, 4, NULL));
    ops->release(host, gradients[i]);
  }
  drop(ops, host, &s);
  tapes->release(host, tape);
  return NULL;
}

typedef struct network {
  cadre_tensor *w[PARAMETERS];
  cadre_tensor *moments[2 * PARAMETERS];
  cadre_tensor *x, *y;
} network;

static cadre_error *begin(const cadre_ops *ops, const cadre_host *host, network *net) {
  static const float corners[] = {0, 0, 0, 1, 1, 0, 1, 1};
  static const int64_t classes[] = {0, 1, 1, 0};
  static const int64_t shapes[PARAMETERS][2] = {{2, HIDDEN}, {HIDDEN, 0}, {HIDDEN, 2}, {2, 0}};
  TRY(make(ops, host, CADRE_F32, 4, 2, corners, &net->x));
  TRY(make(ops, host, CADRE_I64, 4, 0, classes, &net->y));
  for (int i = 0; i < PARAMETERS; i++) {
    const int64_t *shape = shapes[i];
    TRY(make(ops, host, CADRE_F32, shape[0], shape[1], NULL, &net->w[i]));
    TRY(make(ops, host, CADRE_F32, shape[0], shape[1], NULL, &net->moments[2 * i]));
    TRY(make(ops, host, CADRE_F32, shape[0], shape[1], NULL, &net->moments[2 * i + 1]));
    /* Written in place: `data` of a tensor is the agent's to fill. */
    cadre_tensor_info info = {.size = CADRE_END_cadre_tensor_info_byte_count};
    TRY(ops->info(host, net->w[i], &info));
    float *elements = info.data;
    uint32_t state = 12345u + (uint32_t)i;
    for (uint64_t k = 0; k < info.byte_count / sizeof(float); k++) {
      state = state * 1664525u + 1013904223u;
      elements[k] = shape[1] == 0 ? 0 : (float)(state >> 8) / 8388608.0f - 1;
    }
  }
  return NULL;
}

static void finish(const cadre_ops *ops, const cadre_host *host, network *net) {
  for (int i = 0; i < PARAMETERS; i++) ops->release(host, net->w[i]);
  for (int i = 0; i < 2 * PARAMETERS; i++) ops->release(host, net->moments[i]);
  ops->release(host, net->x);
  ops->release(host, net->y);
}

static cadre_error *accuracy(const cadre_ops *ops, const cadre_host *host, cadre_job job,
                             network *net, double *out) {
  static const int64_t classes[] = {0, 1, 1, 0};
  step s = {.count = 0};
  cadre_tensor *logits = NULL;
  TRY(forward(ops, host, job, NULL, net->w, net->x, &s, &logits));
  cadre_tensor_info info = {.size = CADRE_END_cadre_tensor_info_byte_count};
  TRY(ops->info(host, logits, &info));
  const float *z = info.data;
  int right = 0;
  for (int i = 0; i < 4; i++) right += (z[2 * i + 1] > z[2 * i]) == classes[i];
  *out = right / 4.0;
  drop(ops, host, &s);
  return NULL;
}

static cadre_error *learn(const cadre_ops *ops, const cadre_host *host, cadre_job job,
                          network *net, double *out) {
  const cadre_tapes *tapes = host->extension(host, STR(CADRE_TAPE_ID));
  if (tapes == NULL) return shell_error(CADRE_UNIMPLEMENTED, "no cadre.tape/1");
  TRY(begin(ops, host, net));
  for (uint64_t step_ = 1; step_ <= STEPS; step_++) {
    if (job != 0 && host->jobs->stop(host, job)) break;
    TRY(train_step(ops, tapes, host, job, step_, net->w, net->moments, net->x, net->y));
  }
  return accuracy(ops, host, job, net, out);
}

cadre_error *fixture_train_xor(const cadre_host *host, cadre_job job, double *out) {
  const cadre_ops *ops = host->extension(host, STR(CADRE_OPS_ID));
  if (ops == NULL) return shell_error(CADRE_UNIMPLEMENTED, "no cadre.ops/1");
  network net;
  TRY(learn(ops, host, job, &net, out));
  finish(ops, host, &net);
  return NULL;
}

/* The same as an agent that gives its parameters as a model. */

static const cadre_port model = {.size = CADRE_END_cadre_port_device,
                                 .kind = CADRE_KIND_MODEL,
                                 .name = {"model", 5},
                                 .task = {"test.xor/1", 10}};
static const cadre_port score = {.size = CADRE_END_cadre_port_device,
                                 .kind = CADRE_KIND_SCALAR,
                                 .name = {"accuracy", 8},
                                 .dtypes = 1u << CADRE_F64};
static const cadre_port *const outputs[] = {&model, &score};
static const cadre_offer offer = {
    .size = CADRE_END_cadre_offer_floor_memory,
    .task = {"model.train/1", 13},
    .outputs = outputs,
    .output_count = 2,
    .max_jobs = 1,
};

static cadre_error *give_model(const cadre_host *host, cadre_job job, const cadre_ops *ops,
                               network *net) {
  static const char *const names[] = {"w0", "b0", "w1", "b1"};
  const cadre_models *models = host->extension(host, STR(CADRE_MODEL_ID));
  if (models == NULL) return shell_error(CADRE_UNIMPLEMENTED, "no cadre.model/1");
  cadre_model_spec spec = {.size = CADRE_END_cadre_model_spec_metadata,
                           .task = STR("test.xor/1"),
                           .format = STR("mlp"),
                           .metadata = STR("{\"labels\":[\"even\",\"odd\"]}")};
  cadre_model_builder *builder = NULL;
  TRY(models->begin(host, &spec, &builder));
  for (int i = PARAMETERS - 1; i >= 0; i--) {
    DLManagedTensorVersioned *managed = NULL;
    TRY(ops->export_dlpack(host, net->w[i], &managed));
    cadre_error *error =
        models->add(host, builder, (cadre_str){names[i], 2}, &managed->dl_tensor);
    managed->deleter(managed);
    if (error != NULL) {
      models->discard(host, builder);
      return error;
    }
  }
  cadre_value value = {.size = CADRE_END_cadre_value_model, .kind = CADRE_KIND_MODEL};
  TRY(models->finish(host, builder, &value.model));
  return host->jobs->output(host, job, STR("model"), &value);
}

static cadre_error *run(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                        uint32_t *out_state) {
  (void)assignment;
  const cadre_host *host = ((shell_agent *)self)->host;
  const cadre_ops *ops = host->extension(host, STR(CADRE_OPS_ID));
  if (ops == NULL) return shell_error(CADRE_UNIMPLEMENTED, "no cadre.ops/1");
  network net;
  cadre_value value = {
      .size = CADRE_END_cadre_value_i64, .kind = CADRE_KIND_SCALAR, .dtype = CADRE_F64};
  TRY(learn(ops, host, job, &net, &value.f64));
  TRY(give_model(host, job, ops, &net));
  finish(ops, host, &net);
  *out_state = CADRE_FINISHED;
  return host->jobs->output(host, job, STR("accuracy"), &value);
}

static cadre_error *open(const cadre_module *self, const cadre_host *host, cadre_str config,
                         cadre_agent **out) {
  (void)self;
  *out = &shell_open(host, config, &offer, run)->table;
  return NULL;
}

static const cadre_module module = {
    .size = CADRE_END_cadre_module_extension,
    .id = {"org.example.learner", 19},
    .version = {"1.0.0", 5},
    .open = open,
};

const cadre_module *fixture_learner(void) { return &module; }
