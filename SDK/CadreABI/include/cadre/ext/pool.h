/* cadre/ext/pool.h: cadre.pool/1, the host's compute threads, so that several agents do not start more threads than
 * there are cores. */
#ifndef CADRE_EXT_POOL_H
#define CADRE_EXT_POOL_H

#include "../error.h"

CADRE_BEGIN

#define CADRE_POOL_ID "cadre.pool/1"

typedef struct cadre_pool {
  uint32_t size;
  uint32_t reserved;
  /* [any] Threads that this agent may use. */
  uint32_t (*threads)(const cadre_host *host);
  /* [job] Calls body(data, begin, end) over disjoint ranges that cover 0..<count, each at least `grain` long but the
   * last, and returns when all are done. The body does not call the host. */
  cadre_error *(*run)(const cadre_host *host, uint64_t count, uint64_t grain, void *data,
                      void (*body)(void *data, uint64_t begin, uint64_t end));
} cadre_pool;

CADRE_END

#endif
