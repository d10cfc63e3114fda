/* cadre/job.h: what an agent may ask of the host about one job.
 *
 * A job is running, then ended; or running, abandoned (deadline or cancel passed without an answer),
 * ended. Borrows last until *ended*: `run` returned CADRE_FINISHED or an error, or `done` was
 * called after CADRE_PENDING. An abandoned job still occupies its agent; its late output is released.
 */
#ifndef CADRE_JOB_H
#define CADRE_JOB_H

#include "error.h"
#include "value.h"

CADRE_BEGIN

/* Answers of `next` and `emit`. */
enum {
  CADRE_STREAM_VALUE = 1,  /* next: a value; emit: accepted */
  CADRE_STREAM_WAIT = 2,   /* the time ran out: ask again */
  CADRE_STREAM_END = 3,    /* next: nothing more will come */
  CADRE_STREAM_STOPPED = 4 /* the job is to stop */
};

/* A tensor to allocate for an output. */
typedef struct cadre_tensor_request {
  uint32_t size;
  uint32_t dtype;
  const int64_t *shape;
  uint64_t rank;
} cadre_tensor_request;

/* The job functions; all [job] unless stated. borrow: the table lives as long as the host. */
typedef struct cadre_jobs {
  uint32_t size;
  uint32_t reserved;
  /* The value on an input port. Absent: CADRE_NOT_FOUND. `out->size` set by the caller. borrow */
  cadre_error *(*input)(const cadre_host *host, cadre_job job, cadre_str port, cadre_value *out);
  /* The next value of a stream in. `timeout` in nanoseconds. borrow: until the next call. */
  cadre_error *(*next)(const cadre_host *host, cadre_job job, cadre_str port, uint64_t timeout,
                       cadre_value *out, uint32_t *out_answer);
  /* Sets an output once. give */
  cadre_error *(*output)(const cadre_host *host, cadre_job job, cadre_str port,
                         const cadre_value *value);
  /* Allocates an output tensor in the host's memory, 64-byte aligned, zeroed, row-major; the agent
   * writes into *out_data until the job ended. No `output` call follows. */
  cadre_error *(*allocate)(const cadre_host *host, cadre_job job, cadre_str port,
                           const cadre_tensor_request *request, void **out_data);
  /* Emits one value on a stream out. give */
  cadre_error *(*emit)(const cadre_host *host, cadre_job job, cadre_str port,
                       const cadre_value *value, uint64_t timeout, uint32_t *out_answer);
  /* [any] How far: 0...1, or < 0 for unknown; `note` is one line, copied. */
  void (*progress)(const cadre_host *host, cadre_job job, double fraction, cadre_str note);
  /* [any] 1 when the job is to stop (cancel, deadline, shutdown). Cheap: poll it. */
  uint32_t (*stop)(const cadre_host *host, cadre_job job);
  /* [any] Nanoseconds that are left; UINT64_MAX without a deadline. */
  uint64_t (*deadline)(const cadre_host *host, cadre_job job);
  /* [any] The job's seed: all randomness comes from it. */
  uint64_t (*seed)(const cadre_host *host, cadre_job job);
  /* [any] Ends a pending job, once; `error` is NULL on success. give: the error. */
  void (*done)(const cadre_host *host, cadre_job job, cadre_error *error);
} cadre_jobs;

CADRE_END

#endif
