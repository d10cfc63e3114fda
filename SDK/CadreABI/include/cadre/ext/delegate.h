/* cadre/ext/delegate.h: cadre.delegate/1, an agent gives a part of its work to another agent through the host, which
 * calls for proposals as for a step. The delegating job's budget bounds it. */
#ifndef CADRE_EXT_DELEGATE_H
#define CADRE_EXT_DELEGATE_H

#include "../error.h"
#include "../value.h"

CADRE_BEGIN

#define CADRE_DELEGATE_ID "cadre.delegate/1"

typedef struct cadre_delegation cadre_delegation;

/* What is delegated. borrow: during `begin`. */
typedef struct cadre_delegation_request {
  uint32_t size;
  uint32_t input_count;
  cadre_str task;
  cadre_str settings;
  /* Port names and values, `input_count` each. */
  const cadre_str *ports;
  const cadre_value *const *inputs;
  /* Nanoseconds; 0: the job's own deadline. */
  uint64_t deadline;
} cadre_delegation_request;

/* The extension's table; all [job]. */
typedef struct cadre_delegate {
  uint32_t size;
  uint32_t reserved;
  /* take: `end` it. */
  cadre_error *(*begin)(const cadre_host *host, cadre_job job,
                        const cadre_delegation_request *request, cadre_delegation **out);
  /* Waits for an output. borrow: until `end`. */
  cadre_error *(*output)(const cadre_host *host, cadre_delegation *delegation, cadre_str port,
                         uint64_t timeout, cadre_value *out);
  /* Cancels what still runs. give */
  void (*end)(const cadre_host *host, cadre_delegation *delegation);
} cadre_delegate;

CADRE_END

#endif
