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

/* What is known of a tensor before there is one: element type and shape. */
typedef struct cadre_tensor_shape {
  uint32_t size;
  uint32_t dtype;
  uint64_t rank;
  /* The first `rank` are lengths, outermost first. */
  int64_t lengths[8];
} cadre_tensor_shape;

/* A question to `infer`: which outputs would an operation give for such inputs? */
typedef struct cadre_op_signature {
  uint32_t size;
  uint32_t input_count;
  /* borrow */
  const cadre_tensor_shape *const *inputs;
  /* As in cadre_op_request. */
  const void *attributes;
  /* In: how many structs `outputs` points to. Out: how many outputs the operation gives. */
  uint32_t output_count;
  uint32_t reserved;
  /* Out-structs of the caller, their `size` set. */
  cadre_tensor_shape *const *outputs;
} cadre_op_signature;

/* An operation that a plug-in adds, with its shapes and its gradient. */
typedef struct cadre_op_definition {
  uint32_t size;
  uint32_t version;
  /* "org.example.swish": a name with a dot, so that it never meets one of the host's. */
  cadre_str name;
  void *data;
  uint32_t input_count;
  uint32_t output_count;
  /* [any] Fills element types and shapes of the outputs, or says why such inputs do not fit. */
  cadre_error *(*infer)(void *data, const cadre_host *host, cadre_op_signature *signature);
  /* [job] Computes the outputs with the host's ops in `context`, whose tape is NULL. Inputs are borrowed; the
   * outputs are given. */
  cadre_error *(*forward)(void *data, const cadre_host *host, const cadre_op_context *context,
                          cadre_op_request *request);
  /* [job] Vector-Jacobian product: inputs are the forward's inputs, its outputs, and the outputs' gradients
   * (NULL: that of an output on which nothing depends), in this order; outputs are the inputs' gradients (NULL:
   * none). optional: without it the op has no gradient. */
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
  /* Wraps foreign memory without a copy where it is contiguous, copies it where it is strided, and refuses
   * elements that overlap or are not aligned to their type, and negative steps.
   * give: also when it fails. take */
  cadre_error *(*import_dlpack)(const cadre_host *host, DLManagedTensorVersioned *managed,
                                cadre_tensor **out);
  /* A DLPack view of the tensor that holds a reference. take */
  cadre_error *(*export_dlpack)(const cadre_host *host, cadre_tensor *tensor,
                                DLManagedTensorVersioned **out);
  /* [control] Adds an operation for this agent; `find` knows it from then on. `definition` is borrowed for
   * the call, `data` and the functions until the agent is closed. optional: NULL in a host that takes no
   * operations. */
  cadre_error *(*define)(const cadre_host *host, const cadre_op_definition *definition);
  /* [any] Element types and shapes of the outputs, without computing; fails as `run` would. */
  cadre_error *(*infer)(const cadre_host *host, const cadre_op *op, cadre_op_signature *signature);
} cadre_ops;

/* Attributes: one struct a call, shared by operations that take the same. Operations that are not listed have none.
 * An axis below 0 counts from the end. Arrays are borrowed for the call. */

/* matmul/1 */
typedef struct cadre_attr_matmul {
  uint32_t size;
  uint32_t transpose_a;
  uint32_t transpose_b;
} cadre_attr_matmul;

/* What linear/1 ends with. */
enum {
  CADRE_IDENTITY = 0,
  CADRE_RELU = 1,
  CADRE_TANH = 2,
  CADRE_SIGMOID = 3,
  CADRE_GELU = 4,
  CADRE_GELU_TANH = 5,
  CADRE_SILU = 6
};

/* linear/1 */
typedef struct cadre_attr_linear {
  uint32_t size;
  /* CADRE_IDENTITY by default. */
  uint32_t activation;
  /* The weights are stored as [N, K]. */
  uint32_t transpose_w;
} cadre_attr_linear;

/* scale/1: y = factor x */
typedef struct cadre_attr_scale {
  uint32_t size;
  uint32_t reserved;
  double factor;
} cadre_attr_scale;

/* leaky_relu/1 (0.01 by default), elu/1 (1 by default) */
typedef struct cadre_attr_slope {
  uint32_t size;
  uint32_t reserved;
  double alpha;
} cadre_attr_slope;

/* gelu/1 */
typedef struct cadre_attr_gelu {
  uint32_t size;
  /* Not 0: the approximation by tanh. */
  uint32_t approximate;
} cadre_attr_gelu;

/* cast/1 */
typedef struct cadre_attr_cast {
  uint32_t size;
  /* CADRE_F32 and so on; CADRE_F32 by default. */
  uint32_t dtype;
} cadre_attr_cast;

/* sum/1, mean/1, max/1, min/1, logsumexp/1, norm/1, variance/1 */
typedef struct cadre_attr_reduce {
  uint32_t size;
  /* Reduced axes stay, with length 1. */
  uint32_t keep_axes;
  /* NULL: all axes. */
  const int64_t *axes;
  uint64_t axis_count;
  /* variance/1: the sum of squares is divided by the count less this; 0 by default. */
  double correction;
} cadre_attr_reduce;

/* softmax/1, log_softmax/1, argmax/1, argmin/1, concat/1, gather/1, scatter_add/1: -1 by default; stack/1: 0 */
typedef struct cadre_attr_axis {
  uint32_t size;
  /* argmax/1, argmin/1: the axis stays, with length 1. */
  uint32_t keep_axis;
  int64_t axis;
} cadre_attr_axis;

/* flip/1: the axes to turn round, NULL: all. transpose/1: where each axis comes from, NULL: all in reverse. */
typedef struct cadre_attr_axes {
  uint32_t size;
  uint32_t reserved;
  const int64_t *axes;
  uint64_t axis_count;
} cadre_attr_axes;

/* reshape/1 (one length may be -1), broadcast/1 */
typedef struct cadre_attr_shape {
  uint32_t size;
  uint32_t reserved;
  const int64_t *lengths;
  uint64_t rank;
} cadre_attr_shape;

/* split/1: one output a length, along `axis` (0 by default); the lengths add up to that of the axis. */
typedef struct cadre_attr_split {
  uint32_t size;
  uint32_t reserved;
  int64_t axis;
  const int64_t *lengths;
  uint64_t count;
} cadre_attr_split;

/* pad/1: positions added before and after each axis, `rank` of each; `value` fills them, 0 by default. */
typedef struct cadre_attr_pad {
  uint32_t size;
  uint32_t reserved;
  const int64_t *before;
  const int64_t *after;
  uint64_t rank;
  double value;
} cadre_attr_pad;

/* slice/1: begin ..< end by step for each axis, `rank` of each; below 0 counts from the end, beyond the end is
 * the end. ends NULL: to the end; steps NULL: all 1; steps are above 0. */
typedef struct cadre_attr_slice {
  uint32_t size;
  uint32_t reserved;
  const int64_t *begins;
  const int64_t *ends;
  const int64_t *steps;
  uint64_t rank;
} cadre_attr_slice;

/* layer_norm/1, rms_norm/1: added to the variance; 1e-5 by default. */
typedef struct cadre_attr_norm {
  uint32_t size;
  uint32_t reserved;
  double epsilon;
} cadre_attr_norm;

/* sort/1, top_k/1 */
typedef struct cadre_attr_order {
  uint32_t size;
  /* sort/1: from the largest down. */
  uint32_t descending;
  /* -1 by default. */
  int64_t axis;
  /* top_k/1: how many; 1 by default. */
  uint64_t k;
  /* top_k/1: the smallest, from the smallest up. */
  uint32_t smallest;
} cadre_attr_order;

/* clip_norm/1 */
typedef struct cadre_attr_clip {
  uint32_t size;
  uint32_t reserved;
  /* Above 0; 1 by default. */
  double maximum_norm;
} cadre_attr_clip;

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
