/* fixtures.h: agents in C that the tests open through the real tables: some do well, most do not.
 *
 * Each function gives a module as an image's entry would. They are linked into the test, so that the
 * sanitizers see them too. */
#ifndef CADRE_FIXTURES_H
#define CADRE_FIXTURES_H

#include <cadre/cadre.h>

/* Gives back on each output what came on the input of the same name. */
const cadre_module *fixture_echo(void);
/* Fails where its config says: {"fails": "open" | "bid" | "prepare" | "run"}. */
const cadre_module *fixture_failing(void);
/* Answers from a thread of its own. Setting `mode`: normal, early, twice, error, both, stale. */
const cadre_module *fixture_pending(void);
/* Does not stop until `fixture_let_go`. Setting `polite`: it stops when asked. */
const cadre_module *fixture_stubborn(void);
/* Reads a dataset. Setting `mode`: all, forbidden, shards, info, stale. */
const cadre_module *fixture_reader(void);
/* Gives outputs that do not fit. Setting `mode` says which. */
const cadre_module *fixture_misfit(void);
/* Trains an MLP on the host's operations and gives a model. */
const cadre_module *fixture_learner(void);
/* A good agent whose tables are cut short or lack functions: {"size": N}, {"without": "bid"}. */
const cadre_module *fixture_tables(void);
/* The same module in a block of exactly `size` bytes. */
const cadre_module *fixture_truncated_module(uint32_t size);
/* An agent with one offer, which the test makes. */
const cadre_module *fixture_offering(const cadre_offer *offer);

/* How often the fixtures' own deleters and error releases were called. */
uint64_t fixture_deleted(void);
uint64_t fixture_errors_released(void);
/* How often agents were closed. */
uint64_t fixture_closed(void);
/* Assignments that were prepared and not released. */
int64_t fixture_assignments(void);

/* Lets all stubborn jobs end that have begun until now, and those that begin later. */
void fixture_let_go(void);
/* Makes stubborn jobs stubborn again. */
void fixture_hold(void);

/* Trains an MLP on XOR through cadre.ops/1 and cadre.tape/1. The share of right answers goes to *out. */
cadre_error *fixture_train_xor(const cadre_host *host, cadre_job job, double *out);
/* What an operation of a plug-in does. */
enum {
  FIXTURE_OP_GOOD = 0,
  FIXTURE_OP_FAILS,
  FIXTURE_OP_GIVES_NULL,
  FIXTURE_OP_GIVES_NONSENSE,
  FIXTURE_OP_GIVES_INPUT,
  FIXTURE_OP_WRONG_SHAPE,
  FIXTURE_OP_INFERS_TWO,
  FIXTURE_OP_INFERS_NONSENSE,
  FIXTURE_OP_BACKWARD_FAILS,
  FIXTURE_OP_NO_FORWARD,
  FIXTURE_OP_NO_OUTPUTS,
  FIXTURE_OP_NO_VERSION,
  FIXTURE_OP_NO_BACKWARD,
  FIXTURE_OP_SHORT,
  FIXTURE_OP_TOO_SHORT
};

/* Its attributes. */
typedef struct fixture_op_attributes {
  uint32_t size;
  uint32_t power;
} fixture_op_attributes;

/* Defines y = x * x under a name; one at a time. */
cadre_error *fixture_define(const cadre_host *host, const char *name, uint32_t mode);
/* How often its functions were called. */
uint32_t fixture_op_forwards(void);
uint32_t fixture_op_backwards(void);

/* A tensor whose deleter adds one to *counter; float32, row-major, `rank` lengths from `shape`, filled
 * with `fill`. */
DLManagedTensorVersioned *fixture_tensor(const int64_t *shape, int32_t rank, float fill,
                                         uint64_t *counter);

#endif
