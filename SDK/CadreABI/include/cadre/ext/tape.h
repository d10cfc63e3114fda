/* cadre/ext/tape.h: cadre.tape/1, gradients of what ran through cadre.ops/1.
 *
 * A tape is explicit: operations are recorded when their context names it, gradients flow to the tensors that were
 * watched. `gradient` spends the tape; a spent tape refuses further use. One thread at a time. */
#ifndef CADRE_EXT_TAPE_H
#define CADRE_EXT_TAPE_H

#include "ops.h"

CADRE_BEGIN

#define CADRE_TAPE_ID "cadre.tape/1"

/* The extension's table; all [job]. */
typedef struct cadre_tapes {
  uint32_t size;
  uint32_t reserved;
  /* take: `release` it. */
  cadre_error *(*begin)(const cadre_host *host, cadre_tape **out);
  /* Marks a tensor as one whose gradient will be asked for. */
  cadre_error *(*watch)(const cadre_host *host, cadre_tape *tape, cadre_tensor *tensor);
  /* Gradients of the scalar `loss` with respect to `count` watched tensors; a tensor that the loss does not
   * depend on gets zeros. `context` says where they are computed, as for `run` of cadre.ops/1; its tape is
   * ignored: a gradient is not recorded. take: `count` handles. */
  cadre_error *(*gradient)(const cadre_host *host, const cadre_op_context *context,
                           cadre_tape *tape, cadre_tensor *loss,
                           cadre_tensor *const *with_respect_to, uint64_t count,
                           cadre_tensor **out);
  void (*release)(const cadre_host *host, cadre_tape *tape);
  /* Between the two calls nothing that operations compute is kept for gradients: `gradient` runs them once more
   * (less memory, about a third more time). Segments do not nest. */
  cadre_error *(*begin_recompute)(const cadre_host *host, cadre_tape *tape);
  cadre_error *(*end_recompute)(const cadre_host *host, cadre_tape *tape);
  /* Bytes that the tape keeps alive for gradients; memory that several operations share counts once. */
  cadre_error *(*saved_bytes)(const cadre_host *host, cadre_tape *tape, uint64_t *out);
} cadre_tapes;

CADRE_END

#endif
