/* cadre/ext/train.h: cadre.train/1, an extension of the agent: checkpoints of a training job, so that it resumes to
 * the same bits. */
#ifndef CADRE_EXT_TRAIN_H
#define CADRE_EXT_TRAIN_H

#include "../error.h"

CADRE_BEGIN

#define CADRE_TRAIN_ID "cadre.train/1"

typedef struct cadre_train {
  uint32_t size;
  uint32_t reserved;
  /* [any] Asks a running training job to hand a checkpoint to `sink` at its next safe point, from its own thread;
   * `sink` gets the whole state in one call. One request at a time a job. */
  cadre_error *(*checkpoint)(cadre_agent *self, cadre_job job, void *data,
                             void (*sink)(void *data, cadre_str bytes));
  /* [drain] The next job of this assignment goes on from that checkpoint. */
  cadre_error *(*resume)(cadre_agent *self, cadre_assignment *assignment, cadre_str bytes);
} cadre_train;

CADRE_END

#endif
