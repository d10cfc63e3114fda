/* cadre/ext/ops.h: cadre.ops/1, the host's tensor operations. An agent in any language trains and infers on
 * the host's kernels and ships no numerical library.
 *
 *     const cadre_ops *ops = host->extension(host, id);
 *     const cadre_op *matmul = ops->find(host, name, 1);
 *     cadre_tensor *y = NULL;
 *     cadre_op_request request = {.size = CADRE_END_cadre_op_request_outputs, ...};
 *     cadre_error *error = ops->run(host, &context, matmul, &request);
 *
 * Operands are reference-counted handles. Gradients know a tensor by its handle. DLPack is for import and
 * export only. The list of operations, with shapes and rules: Documentation/Ops.md.
 */
#ifndef CADRE_EXT_OPS_H
#define CADRE_EXT_OPS_H

#include "../dlpack.h"
#include "../error.h"

CADRE_BEGIN

#define CADRE_OPS_ID "cadre.ops/1"

typedef struct cadre_tensor cadre_tensor;
typedef struct cadre_op cadre_op;
typedef struct cadre_tape cadre_tape;
typedef struct cadre_arena cadre_arena;

/* Where an operation runs: everything that is not an operand. borrow: during the call. */
typedef struct cadre_op_context {
  uint32_t size;
  /* 0: the host's choice. */
  uint32_t threads;
  /* The job on whose behalf; 0 outside of one (warm-up). */
  cadre_job job;
  /* Records the operation for gradients; NULL: do not record. cadre/ext/tape.h */
  cadre_tape *tape;
  /* The random generator of dropout and the like: key and counter. Same numbers, same bits, whatever
   * the number of threads. */
  uint64_t seed;
  uint64_t counter;
  /* Where results are allocated; NULL: the host's caching allocator, the only one today. */
  cadre_arena *arena;
  /* Empty: "cpu". */
  cadre_str device;
} cadre_op_context;

/* Operands and results of one call. */
typedef struct cadre_op_request {
  uint32_t size;
  uint32_t input_count;
  /* borrow */
  cadre_tensor *const *inputs;
  /* The operation's attribute struct (below), or NULL for its defaults. */
  const void *attributes;
  uint32_t output_count;
  uint32_t reserved;
  /* take: `output_count` handles, set on success only. */
  cadre_tensor **outputs;
} cadre_op_request;

/* What is known of a tensor. An out-struct; `shape` is borrowed until the tensor's release. */
typedef struct cadre_tensor_info {
  uint32_t size;
  uint32_t dtype;
  const int64_t *shape;
  uint64_t rank;
  /* Row-major, contiguous; 64-byte aligned, but for imported memory, which keeps its owner's alignment. NULL
   * for a tensor without elements. */
  void *data;
  uint64_t byte_count;
} cadre_tensor_info;

/* A tensor to make. */
typedef struct cadre_tensor_spec {
  uint32_t size;
  uint32_t dtype;
  const int64_t *shape;
  uint64_t rank;
  /* Row-major elements to copy, or NULL for zeros. borrow */
  const void *elements;
} cadre_tensor_spec;

/* An operation that a plug-in adds, with its gradient. */
typedef struct cadre_op_definition {
  uint32_t size;
  uint32_t version;
  /* "org.example.swish" */
  cadre_str name;
  void *data;
  /* [job] Computes the outputs; may call the host's ops in `context`. */
  cadre_error *(*forward)(void *data, const cadre_host *host, const cadre_op_context *context,
                          cadre_op_request *request);
  /* [job] Vector-Jacobian product: inputs are the forward's inputs, outputs, and the outputs' gradients, in
   * this order; outputs are the inputs' gradients (NULL: none). optional: without it the op has no gradient. */
  cadre_error *(*backward)(void *data, const cadre_host *host, const cadre_op_context *context,
                           cadre_op_request *request);
} cadre_op_definition;

/* The extension's table; [job] unless stated. */
typedef struct cadre_ops {
  uint32_t size;
  uint32_t reserved;
  /* [any] An operation by name ("matmul") and version, or NULL. borrow: for ever. */
  const cadre_op *(*find)(const cadre_host *host, cadre_str name, uint32_t version);
  /* Runs one operation. Errors name the op, all shapes and the rule that was broken. */
  cadre_error *(*run)(const cadre_host *host, const cadre_op_context *context, const cadre_op *op,
                      cadre_op_request *request);
  /* Makes a tensor. take */
  cadre_error *(*create)(const cadre_host *host, const cadre_tensor_spec *spec,
                         cadre_tensor **out);
  /* [any] */
  void (*retain)(const cadre_host *host, cadre_tensor *tensor);
  /* [any] */
  void (*release)(const cadre_host *host, cadre_tensor *tensor);
  /* [any] */
  cadre_error *(*info)(const cadre_host *host, cadre_tensor *tensor, cadre_tensor_info *out);
  /* Wraps foreign memory without a copy where it is contiguous and aligned to its element, else copies.
   * give: also when it fails. take */
  cadre_error *(*import_dlpack)(const cadre_host *host, DLManagedTensorVersioned *managed,
                                cadre_tensor **out);
  /* A DLPack view of the tensor that holds a reference. take */
  cadre_error *(*export_dlpack)(const cadre_host *host, cadre_tensor *tensor,
                                DLManagedTensorVersioned **out);
  /* [control] Adds an operation; it belongs to this agent's generation. optional: NULL in a host that takes
   * no operations. */
  cadre_error *(*define)(const cadre_host *host, const cadre_op_definition *definition);
} cadre_ops;

/* Attributes, one struct an operation. Operations that are not listed have none. */

/* matmul/1 */
typedef struct cadre_attr_matmul {
  uint32_t size;
  uint32_t transpose_a;
  uint32_t transpose_b;
} cadre_attr_matmul;

/* scale/1: y = factor x */
typedef struct cadre_attr_scale {
  uint32_t size;
  uint32_t reserved;
  double factor;
} cadre_attr_scale;

/* dropout/1: zeroes with probability `rate` and scales the rest by 1 / (1 - rate). */
typedef struct cadre_attr_dropout {
  uint32_t size;
  uint32_t reserved;
  double rate;
} cadre_attr_dropout;

/* sgd_step/1: inputs parameter, gradient, velocity; in place. */
typedef struct cadre_attr_sgd {
  uint32_t size;
  uint32_t reserved;
  double learning_rate;
  double momentum;
  double weight_decay;
} cadre_attr_sgd;

/* adam_step/1: inputs parameter, gradient, first moment, second moment; in place. Decoupled weight decay
 * (AdamW) with weight_decay > 0. `step` counts from 1. */
typedef struct cadre_attr_adam {
  uint32_t size;
  uint32_t reserved;
  double learning_rate;
  double beta1;
  double beta2;
  double epsilon;
  double weight_decay;
  uint64_t step;
} cadre_attr_adam;

CADRE_END

#endif
