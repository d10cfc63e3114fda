/* agent_loops.h: what an agent in C does with the host's operations, as work to be timed.
 *
 * Everything goes through cadre.ops/1 and cadre.tape/1 and nothing else. An operation that fails ends the process with
 * the host's message: a benchmark of errors is none. */
#ifndef AGENT_LOOPS_H
#define AGENT_LOOPS_H

#include "cadre/cadre.h"

/* A 16-element add: `run`, and the release of its result. */
typedef struct small_add small_add;
small_add *small_add_begin(const cadre_host *host, uint64_t elements);
void small_add_call(void *data);
void small_add_end(void *data);

/* One training step of a perceptron 784-512-256-10 with ReLU, 128 rows at once: forward, cross-entropy, gradients, an
 * update of every parameter. */
typedef struct mlp_step mlp_step;
enum { MLP_SGD, MLP_ADAM };
mlp_step *mlp_step_begin(const cadre_host *host, uint32_t threads, int optimizer);
void mlp_step_call(void *data);
void mlp_step_end(void *data);
/* Of the last step. */
double mlp_step_loss(const mlp_step *step);

#endif
