#include "host_calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, cadre_str message) {
  fprintf(stderr, "%s: %.*s\n", what, (int)message.size, message.data);
  exit(1);
}

static cadre_str text(const char *c) { return (cadre_str){c, strlen(c)}; }

void must(const char *what, cadre_error *error) {
  if (error != NULL) fail(what, error->message(error));
}

const void *need_extension(const cadre_host *host, const char *id) {
  const void *found = host->extension(host, text(id));
  if (found == NULL) fail(id, text("the host has no such extension"));
  return found;
}

const cadre_op *need_op(const cadre_host *host, const cadre_ops *ops, const char *name) {
  const cadre_op *found = ops->find(host, text(name), 1);
  if (found == NULL) fail(name, text("the host has no such operation"));
  return found;
}

cadre_tensor *random_tensor(const cadre_host *host, const cadre_ops *ops, int64_t rows, int64_t columns, float scale) {
  int64_t shape[] = {rows, columns};
  size_t count = (size_t)rows * (size_t)(columns > 0 ? columns : 1);
  float *elements = malloc(count * sizeof *elements);
  if (elements == NULL) fail("random_tensor", text("no memory"));
  uint32_t state = 12345u + (uint32_t)count;
  for (size_t i = 0; i < count; i++) {
    state = state * 1664525u + 1013904223u;
    elements[i] = scale * ((float)(state >> 8) / 8388608.0f - 1);
  }
  cadre_tensor_spec spec = {.size = CADRE_END_cadre_tensor_spec_elements,
                            .dtype = CADRE_F32,
                            .shape = shape,
                            .rank = columns > 0 ? 2 : 1,
                            .elements = elements};
  cadre_tensor *made = NULL;
  must("create", ops->create(host, &spec, &made));
  free(elements);
  return made;
}
