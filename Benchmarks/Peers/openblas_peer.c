/* OpenBLAS as Debian ships it: cblas_sgemm alone. OPENBLAS_CORETYPE and OPENBLAS_NUM_THREADS come from the caller. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contender.h"

/* Of cblas.h, which its development package would bring. */
enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111 };
void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc);
char *openblas_get_config(void);
char *openblas_get_corename(void);

typedef struct product {
  int m, k, n;
  float *a, *b, *c;
} product;

static float *filled(size_t count) {
  float *made = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
  uint32_t state = 1;
  for (size_t i = 0; made != NULL && i < count; i++) {
    state = state * 1664525u + 1013904223u;
    made[i] = (float)(state >> 8) / 8388608.0f - 1;
  }
  return made;
}

static void call(void *data) {
  const product *p = data;
  cblas_sgemm(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, p->m, p->n, p->k, 1, p->a, p->k, p->b, p->n, 0, p->c, p->n);
}

static void end(void *data) {
  product *p = data;
  free(p->a);
  free(p->b);
  free(p->c);
  free(p);
}

static int prepare(void *context, const char *words, uint32_t threads, contender_work *out,
                   char reason[CONTENDER_REASON]) {
  (void)context;
  (void)threads;
  product p;
  char form[16];
  if (sscanf(words, "matmul %d %d %d %15s", &p.m, &p.k, &p.n, form) != 4) return 0;
  if (strcmp(form, "plain") != 0) {
    snprintf(reason, CONTENDER_REASON, "no packed operands in its interface");
    return 0;
  }
  p.a = filled((size_t)p.m * (size_t)p.k);
  p.b = filled((size_t)p.k * (size_t)p.n);
  p.c = filled((size_t)p.m * (size_t)p.n);
  product *kept = malloc(sizeof *kept);
  if (kept == NULL || p.a == NULL || p.b == NULL || p.c == NULL) return 0;
  *kept = p;
  *out = (contender_work){call, end, kept};
  return 1;
}

int main(int argc, char **argv) {
  char about[256];
  snprintf(about, sizeof about, "%.60s, %s", openblas_get_config(), openblas_get_corename());
  return contender_main(argc, argv, "openblas", about, prepare, NULL);
}
