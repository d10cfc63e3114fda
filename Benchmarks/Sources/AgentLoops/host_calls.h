/* host_calls.h: calls of the host's operations that end the process where they fail. */
#ifndef HOST_CALLS_H
#define HOST_CALLS_H

#include "agent_loops.h"

/* The extension, or the end. */
const void *need_extension(const cadre_host *host, const char *id);
/* The operation of version 1, or the end. */
const cadre_op *need_op(const cadre_host *host, const cadre_ops *ops, const char *name);
/* Prints the message and ends where there is an error. */
void must(const char *what, cadre_error *error);
/* A tensor of floats in -scale ... scale, the same in every run. columns 0: rank 1. */
cadre_tensor *random_tensor(const cadre_host *host, const cadre_ops *ops, int64_t rows, int64_t columns, float scale);

#endif
