/* cadre/ext/explain.h: cadre.explain/1, an extension of the agent: why a job came out as it did. */
#ifndef CADRE_EXT_EXPLAIN_H
#define CADRE_EXT_EXPLAIN_H

#include "../error.h"

CADRE_BEGIN

#define CADRE_EXPLAIN_ID "cadre.explain/1"

typedef struct cadre_explain {
  uint32_t size;
  uint32_t reserved;
  /* [job] Explains row `row` of a job that has not ended, as a JSON object: terms and their share, rules. */
  cadre_error *(*row)(cadre_agent *self, cadre_assignment *assignment, cadre_job job, uint64_t row,
                      void *data, void (*sink)(void *data, cadre_str json));
} cadre_explain;

CADRE_END

#endif
