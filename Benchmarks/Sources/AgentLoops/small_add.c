/* What one operation costs beside its arithmetic: 16 additions are nothing. */
#include <stdlib.h>

#include "host_calls.h"

struct small_add {
  const cadre_host *host;
  const cadre_ops *ops;
  const cadre_op *add;
  cadre_tensor *operands[2];
};

small_add *small_add_begin(const cadre_host *host, uint64_t elements) {
  small_add *made = malloc(sizeof *made);
  if (made == NULL) return NULL;
  made->host = host;
  made->ops = need_extension(host, CADRE_OPS_ID);
  made->add = need_op(host, made->ops, "add");
  for (int i = 0; i < 2; i++) made->operands[i] = random_tensor(host, made->ops, (int64_t)elements, 0, 1);
  return made;
}

void small_add_call(void *data) {
  const small_add *s = data;
  cadre_tensor *sum = NULL;
  cadre_op_context context = {.size = CADRE_END_cadre_op_context_device};
  cadre_op_request request = {.size = CADRE_END_cadre_op_request_outputs,
                              .input_count = 2,
                              .inputs = s->operands,
                              .output_count = 1,
                              .outputs = &sum};
  must("add", s->ops->run(s->host, &context, s->add, &request));
  s->ops->release(s->host, sum);
}

void small_add_end(void *data) {
  small_add *s = data;
  for (int i = 0; i < 2; i++) s->ops->release(s->host, s->operands[i]);
  free(s);
}
