/* An operation of a plug-in: y = x * x by the host's own operations, and ways to get it wrong. */
#include "shell.h"

/* What `data` points to; the test keeps it. */
typedef struct operation {
  uint32_t mode;
  _Atomic uint32_t forwards, backwards;
} operation;

static operation made;

/* Errors of this file live for ever: other tests count the releases of the shell's. */
typedef struct fixed {
  uint32_t code;
  const char *message;
} fixed;

static uint32_t fixed_code(const cadre_error *self) { return ((const fixed *)self->data)->code; }
static cadre_str fixed_message(const cadre_error *self) {
  const char *message = ((const fixed *)self->data)->message;
  return (cadre_str){message, strlen(message)};
}
static void fixed_release(cadre_error *self) { (void)self; }

#define FAIL(code_, message_)                                                  \
  do {                                                                         \
    static fixed what = {code_, message_};                                     \
    static cadre_error error = {.size = CADRE_END_cadre_error_release,         \
                                .data = &what,                                 \
                                .code = fixed_code,                            \
                                .message = fixed_message,                      \
                                .release = fixed_release};                     \
    return &error;                                                             \
  } while (0)

static cadre_error *call(const cadre_host *host, const cadre_op_context *context, const char *name,
                         const void *attributes, cadre_tensor *const *inputs, uint32_t count,
                         cadre_tensor **out) {
  const cadre_ops *ops = host->extension(host, STR(CADRE_OPS_ID));
  const cadre_op *op = ops->find(host, (cadre_str){name, strlen(name)}, 1);
  cadre_op_request request = {.size = CADRE_END_cadre_op_request_outputs,
                              .inputs = inputs,
                              .input_count = count,
                              .attributes = attributes,
                              .outputs = out,
                              .output_count = 1};
  return ops->run(host, context, op, &request);
}

static cadre_error *infer(void *data, const cadre_host *host, cadre_op_signature *signature) {
  (void)host;
  const operation *own = data;
  const cadre_tensor_shape *x = signature->inputs[0];
  cadre_tensor_shape *y = signature->outputs[0];
  if (x->dtype != CADRE_F32) FAIL(CADRE_INVALID_ARGUMENT, "squares are of f32");
  if (own->mode == FIXTURE_OP_INFERS_TWO) signature->output_count = 2;
  y->dtype = own->mode == FIXTURE_OP_INFERS_NONSENSE ? 99 : x->dtype;
  y->rank = own->mode == FIXTURE_OP_WRONG_SHAPE ? x->rank + 1 : x->rank;
  for (uint64_t axis = 0; axis < y->rank; axis++)
    y->lengths[axis] = axis < x->rank ? x->lengths[axis] : 1;
  return NULL;
}

/* The attribute struct of this operation, when there is one: a power, 2 by default. */
static cadre_error *forward(void *data, const cadre_host *host, const cadre_op_context *context,
                            cadre_op_request *request) {
  operation *own = data;
  own->forwards++;
  cadre_tensor *const x = request->inputs[0];
  cadre_tensor *const pair[] = {x, x};
  const cadre_ops *ops = host->extension(host, STR(CADRE_OPS_ID));
  if (own->mode == FIXTURE_OP_FAILS) FAIL(CADRE_OUT_OF_RANGE, "no squares today");
  if (own->mode == FIXTURE_OP_GIVES_NULL) return NULL;
  if (own->mode == FIXTURE_OP_GIVES_NONSENSE) {
    request->outputs[0] = (cadre_tensor *)(uintptr_t)0x1234;
    return NULL;
  }
  if (own->mode == FIXTURE_OP_GIVES_INPUT) {
    ops->retain(host, x);
    request->outputs[0] = x;
    return NULL;
  }
  if (context->tape != NULL) FAIL(CADRE_INTERNAL, "a tape in forward");
  const fixture_op_attributes *attributes = request->attributes;
  TRY(call(host, context, "mul", NULL, pair, 2, request->outputs));
  if (attributes == NULL || attributes->power == 2) return NULL;
  cadre_tensor *square = request->outputs[0];
  cadre_tensor *const cube[] = {square, x};
  cadre_error *error = call(host, context, "mul", NULL, cube, 2, request->outputs);
  ops->release(host, square);
  return error;
}

/* dx = 2 x dy. Inputs: x, y, dy. */
static cadre_error *backward(void *data, const cadre_host *host, const cadre_op_context *context,
                             cadre_op_request *request) {
  operation *own = data;
  own->backwards++;
  if (own->mode == FIXTURE_OP_BACKWARD_FAILS)
    FAIL(CADRE_UNAVAILABLE, "no slopes today");
  const cadre_ops *ops = host->extension(host, STR(CADRE_OPS_ID));
  cadre_tensor *const pair[] = {request->inputs[0], request->inputs[2]};
  cadre_tensor *product = NULL;
  TRY(call(host, context, "mul", NULL, pair, 2, &product));
  const cadre_attr_scale twice = {.size = CADRE_END_cadre_attr_scale_factor, .factor = 2};
  cadre_error *error = call(host, context, "scale", &twice, &product, 1, request->outputs);
  ops->release(host, product);
  return error;
}

cadre_error *fixture_define(const cadre_host *host, const char *name, uint32_t mode) {
  const cadre_ops *ops = host->extension(host, STR(CADRE_OPS_ID));
  made.mode = mode;
  made.forwards = made.backwards = 0;
  cadre_op_definition definition = {.size = CADRE_END_cadre_op_definition_backward,
                                    .version = 1,
                                    .name = {name, strlen(name)},
                                    .data = &made,
                                    .input_count = 1,
                                    .output_count = 1,
                                    .infer = infer,
                                    .forward = forward,
                                    .backward = backward};
  switch (mode) {
    case FIXTURE_OP_NO_FORWARD: definition.forward = NULL; break;
    case FIXTURE_OP_NO_OUTPUTS: definition.output_count = 0; break;
    case FIXTURE_OP_NO_VERSION: definition.version = 0; break;
    case FIXTURE_OP_NO_BACKWARD: definition.backward = NULL; break;
    case FIXTURE_OP_SHORT: definition.size = CADRE_END_cadre_op_definition_forward; break;
    case FIXTURE_OP_TOO_SHORT: definition.size = CADRE_END_cadre_op_definition_infer; break;
    default: break;
  }
  return ops->define(host, &definition);
}

uint32_t fixture_op_forwards(void) { return made.forwards; }
uint32_t fixture_op_backwards(void) { return made.backwards; }
