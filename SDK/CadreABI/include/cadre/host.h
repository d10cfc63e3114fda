/* cadre/host.h: the host, as one agent sees it. Rights and records know the caller by this pointer. */
#ifndef CADRE_HOST_H
#define CADRE_HOST_H

#include "error.h"
#include "job.h"

CADRE_BEGIN

enum { CADRE_LOG_DEBUG = 1, CADRE_LOG_INFO = 2, CADRE_LOG_WARNING = 3, CADRE_LOG_ERROR = 4 };

/* Extensions of the host, by id, are asked for with `extension`:
 *   local, there in a worker too:   cadre.ops/1   cadre.tape/1   cadre.pool/1
 *   served by the host itself:      cadre.data/1  cadre.model/1  cadre.board/1  cadre.store/1  cadre.delegate/1
 *   reserved:                       cadre.gang/1
 * A host that does not have one answers NULL; an agent that cannot do without says so in `open`. */
struct cadre_host {
  uint32_t size;
  uint32_t reserved;
  /* The host's own data. */
  void *data;
  cadre_str name;
  cadre_str version;
  /* The job functions. */
  const cadre_jobs *jobs;
  /* [any] Writes one line to the run's record. Copied. */
  void (*log)(const cadre_host *host, uint32_t level, cadre_str message);
  /* [any] Makes an error object; texts are copied. Never NULL: when memory is short it is the immortal
   * error. take */
  cadre_error *(*error)(const cadre_host *host, uint32_t code, cadre_str message,
                        cadre_str where);
  /* [any] An extension of the host, or NULL. borrow: until `close`. */
  const void *(*extension)(const cadre_host *host, cadre_str id);
};

CADRE_END

#endif
