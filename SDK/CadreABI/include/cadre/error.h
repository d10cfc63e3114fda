/* cadre/error.h: errors as objects with accessors.
 *
 * The receiver of a `cadre_error *` owns it, reads it by the accessors and calls `release` once.
 * Both sides may make errors: an agent asks the host (`cadre_host.error`), or brings its own object.
 * Strings handed to a maker of errors are copied. One error of the host, out of memory, is immortal:
 * its `release` does nothing.
 */
#ifndef CADRE_ERROR_H
#define CADRE_ERROR_H

#include "base.h"

CADRE_BEGIN

/* The codes, with the numbers and the meaning of gRPC's. 0 is never the code of an error object. */
enum {
  CADRE_OK = 0,
  CADRE_CANCELLED = 1,
  CADRE_UNKNOWN = 2,
  CADRE_INVALID_ARGUMENT = 3,
  CADRE_DEADLINE_EXCEEDED = 4,
  CADRE_NOT_FOUND = 5,
  CADRE_ALREADY_EXISTS = 6,
  CADRE_PERMISSION_DENIED = 7,
  CADRE_RESOURCE_EXHAUSTED = 8,
  CADRE_FAILED_PRECONDITION = 9,
  CADRE_ABORTED = 10,
  CADRE_OUT_OF_RANGE = 11,
  CADRE_UNIMPLEMENTED = 12,
  CADRE_INTERNAL = 13,
  CADRE_UNAVAILABLE = 14,
  CADRE_DATA_LOSS = 15,
  CADRE_UNAUTHENTICATED = 16
};

typedef struct cadre_error cadre_error;
struct cadre_error {
  uint32_t size;
  uint32_t reserved;
  /* The maker's own data. */
  void *data;
  /* [any] One of the codes above. */
  uint32_t (*code)(const cadre_error *self);
  /* [any] What happened and what to do about it. borrow: until release. */
  cadre_str (*message)(const cadre_error *self);
  /* [any] Where: a file with line, a port, an op. May be empty. borrow: until release. optional */
  cadre_str (*where)(const cadre_error *self);
  /* [any] The error behind this one, or NULL. borrow: until release. optional */
  const cadre_error *(*cause)(const cadre_error *self);
  /* [any] Nanoseconds after which a retry may succeed; 0 = no statement. optional */
  uint64_t (*retry_after)(const cadre_error *self);
  /* [any] Called once by the receiver; the object is gone afterwards. */
  void (*release)(cadre_error *self);
};

CADRE_END

#endif
