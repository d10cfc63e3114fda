#include "host_calls.h"

#include <stdlib.h>

enum { BATCH = 128, LAYERS = 3, PARAMETERS = 2 * LAYERS };

static const int64_t WIDTHS[LAYERS + 1] = {784, 512, 256, 10};

struct mlp_step {
  const cadre_host *host;
  const cadre_ops *ops;
  const cadre_tapes *tapes;
  const cadre_op *linear, *cross_entropy, *update;
  int optimizer;
  uint32_t threads;
  uint64_t number;
  /* Weights [K, N] and bias [N] of each layer in turn. */
  cadre_tensor *parameters[PARAMETERS];
  /* SGD keeps one a parameter (the velocity), Adam two. */
  cadre_tensor *moments[PARAMETERS][2];
  cadre_tensor *x, *labels;
  float loss;
};

static cadre_tensor *labels(const cadre_host *host, const cadre_ops *ops) {
  int64_t classes[BATCH], shape[] = {BATCH};
  for (int i = 0; i < BATCH; i++) classes[i] = i * 7 % 10;
  cadre_tensor_spec spec = {.size = CADRE_END_cadre_tensor_spec_elements,
                            .dtype = CADRE_I64,
                            .shape = shape,
                            .rank = 1,
                            .elements = classes};
  cadre_tensor *made = NULL;
  must("create", ops->create(host, &spec, &made));
  return made;
}

mlp_step *mlp_step_begin(const cadre_host *host, uint32_t threads, int optimizer) {
  mlp_step *s = calloc(1, sizeof *s);
  if (s == NULL) return NULL;
  s->host = host;
  s->ops = need_extension(host, CADRE_OPS_ID);
  s->tapes = need_extension(host, CADRE_TAPE_ID);
  s->linear = need_op(host, s->ops, "linear");
  s->cross_entropy = need_op(host, s->ops, "cross_entropy");
  s->update = need_op(host, s->ops, optimizer == MLP_SGD ? "sgd_step" : "adam_step");
  s->optimizer = optimizer;
  s->threads = threads;
  for (int i = 0; i < PARAMETERS; i++) {
    int64_t k = WIDTHS[i / 2], n = WIDTHS[i / 2 + 1], is_bias = i % 2;
    int64_t rows = is_bias ? n : k, columns = is_bias ? 0 : n;
    s->parameters[i] = random_tensor(host, s->ops, rows, columns, is_bias ? 0 : 0.05f);
    for (int j = 0; j < 2; j++) s->moments[i][j] = random_tensor(host, s->ops, rows, columns, 0);
  }
  s->x = random_tensor(host, s->ops, BATCH, WIDTHS[0], 1);
  s->labels = labels(host, s->ops);
  return s;
}

static void run(mlp_step *s, cadre_tape *tape, const cadre_op *op, const void *attributes,
                cadre_tensor *const *inputs, uint32_t count, cadre_tensor **out) {
  cadre_op_context context = {
      .size = CADRE_END_cadre_op_context_device, .threads = s->threads, .tape = tape};
  cadre_op_request request = {.size = CADRE_END_cadre_op_request_outputs,
                              .inputs = inputs,
                              .input_count = count,
                              .attributes = attributes,
                              .outputs = out,
                              .output_count = out != NULL};
  must("step", s->ops->run(s->host, &context, op, &request));
}

static void update(mlp_step *s, int i, cadre_tensor *gradient) {
  cadre_tensor *operands[] = {s->parameters[i], gradient, s->moments[i][0], s->moments[i][1]};
  if (s->optimizer == MLP_SGD) {
    cadre_attr_sgd sgd = {
        .size = CADRE_END_cadre_attr_sgd_weight_decay, .learning_rate = 0.01, .momentum = 0.9};
    run(s, NULL, s->update, &sgd, operands, 3, NULL);
  } else {
    cadre_attr_adam adam = {.size = CADRE_END_cadre_attr_adam_step,
                            .learning_rate = 1e-3,
                            .beta1 = 0.9,
                            .beta2 = 0.999,
                            .epsilon = 1e-8,
                            .step = s->number};
    run(s, NULL, s->update, &adam, operands, 4, NULL);
  }
}

void mlp_step_call(void *data) {
  mlp_step *s = data;
  cadre_tape *tape = NULL;
  cadre_tensor *made[LAYERS + 1], *gradients[PARAMETERS];
  s->number++;
  must("tape", s->tapes->begin(s->host, &tape));
  for (int i = 0; i < PARAMETERS; i++) must("watch", s->tapes->watch(s->host, tape, s->parameters[i]));
  for (int i = 0; i < LAYERS; i++) {
    cadre_attr_linear attributes = {.size = CADRE_END_cadre_attr_linear_transpose_w,
                                    .activation = i + 1 < LAYERS ? CADRE_RELU : CADRE_IDENTITY};
    cadre_tensor *inputs[] = {i == 0 ? s->x : made[i - 1], s->parameters[2 * i], s->parameters[2 * i + 1]};
    run(s, tape, s->linear, &attributes, inputs, 3, &made[i]);
  }
  cadre_tensor *pair[] = {made[LAYERS - 1], s->labels};
  run(s, tape, s->cross_entropy, NULL, pair, 2, &made[LAYERS]);
  cadre_op_context context = {.size = CADRE_END_cadre_op_context_device, .threads = s->threads};
  must("gradient", s->tapes->gradient(s->host, &context, tape, made[LAYERS], s->parameters, PARAMETERS, gradients));
  s->tapes->release(s->host, tape);
  for (int i = 0; i < PARAMETERS; i++) {
    update(s, i, gradients[i]);
    s->ops->release(s->host, gradients[i]);
  }
  cadre_tensor_info info = {.size = CADRE_END_cadre_tensor_info_byte_count};
  must("info", s->ops->info(s->host, made[LAYERS], &info));
  s->loss = *(const float *)info.data;
  for (int i = 0; i <= LAYERS; i++) s->ops->release(s->host, made[i]);
}

double mlp_step_loss(const mlp_step *step) { return step->loss; }

void mlp_step_end(void *data) {
  mlp_step *s = data;
  for (int i = 0; i < PARAMETERS; i++) {
    s->ops->release(s->host, s->parameters[i]);
    for (int j = 0; j < 2; j++) s->ops->release(s->host, s->moments[i][j]);
  }
  s->ops->release(s->host, s->x);
  s->ops->release(s->host, s->labels);
  free(s);
}
