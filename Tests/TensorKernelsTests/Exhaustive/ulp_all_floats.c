/* The accuracy of the elementary functions over all 2^32 floats, on each instruction set of this
 * machine, against the f64 functions of the C library.
 *
 *   clang -O2 -I Sources/TensorKernels/include $(find Sources/TensorKernels -name '*.c') \
 *     Tests/TensorKernelsTests/Exhaustive/ulp_all_floats.c -lm -lpthread -o /tmp/ulp
 *   /tmp/ulp [name ...]
 *
 * A function takes a minute or two on two cores. An error in ULP is counted in the spacing of
 * floats at the exact result, 2^-149 for subnormal ones. Exit status 1: a bound was broken, or NaN,
 * an infinity or the sign of a result came out wrong. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "TensorKernels.h"

enum { BLOCK = 1 << 14, THREADS = 2, ISAS = 3 };

static const int32_t isas[ISAS] = {TK_ISA_PORTABLE, TK_ISA_AVX2, TK_ISA_AVX512};

static double exact_sigmoid(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }

static double exact_silu(double x) { return x == -INFINITY ? -0.0 : x * exact_sigmoid(x); }

static double exact_gelu(double x) {
  return x == -INFINITY ? -0.0 : x * 0.5 * erfc(-x * 0.70710678118654752440);
}

static double exact_gelu_tanh(double x) {
  return x == -INFINITY ? -0.0
                        : x * exact_sigmoid(1.59576912160573071176 * x * (1 + 0.044715 * x * x));
}

static double exact_rsqrt(double x) { return 1 / sqrt(x); }

/* An error passes when it is within `ulp` ULP or within `absolute`. */
typedef struct function {
  const char *name;
  int32_t op;
  double (*exact)(double);
  double ulp;
  double absolute;
} function;

static const function functions[] = {
    {"exp", TK_EXP, exp, 2, 0},
    {"log", TK_LOG, log, 2, 0},
    {"tanh", TK_TANH, tanh, 2, 0},
    {"erf", TK_ERF, erf, 2, 0},
    {"sin", TK_SIN, sin, 2, 0},
    {"cos", TK_COS, cos, 2, 0},
    {"sqrt", TK_SQRT, sqrt, 0.5, 0},
    {"rsqrt", TK_RSQRT, exact_rsqrt, 2, 0},
    {"sigmoid", TK_SIGMOID, exact_sigmoid, 3, 0},
    /* Below -87 the sigmoid is subnormal and few of its digits are left. */
    {"silu", TK_SILU, exact_silu, 4, 0x1p-142},
    /* Rounding a square, or the argument of tanh, costs relative accuracy where the result
     * vanishes. */
    {"gelu", TK_GELU, exact_gelu, 12, 0x1p-25},
    {"gelu_tanh", TK_GELU_TANH, exact_gelu_tanh, 8, 0x1p-25},
};

typedef struct worst {
  double ulp;
  double absolute;
  float at;
  uint64_t wrong; /* NaN, infinities, signs */
  float wrong_at;
  uint64_t above;
} worst;

typedef struct task {
  const function *f;
  uint32_t first;
  uint64_t count;
  worst found[ISAS];
} task;

static void compare(const function *f, float x, double exact, float y, worst *found) {
  float rounded = (float)exact;
  int special = isnan(exact) || isinf(rounded) || exact == 0;
  if (special) {
    /* A finite number that rounds to Inf may come out as the largest float. */
    int right = isnan(exact) ? isnan(y)
                             : (y == rounded || (isfinite(exact) && fabsf(y) == 0x1.fffffep127f)) &&
                                   signbit(y) == signbit(rounded);
    if (!right) {
      if (found->wrong++ == 0) found->wrong_at = x;
    }
    return;
  }
  double spacing = ldexp(1, (fabs(exact) < 0x1p-126 ? -126 : ilogb(exact)) - 23);
  double error = fabs((double)y - exact);
  double ulp = error / spacing;
  int wrong_sign = signbit(y) != signbit(rounded);
  if (!(ulp <= 1e30) || wrong_sign) {
    if (found->wrong++ == 0) found->wrong_at = x;
    return;
  }
  if (ulp > f->ulp && error > f->absolute) found->above += 1;
  if (error > found->absolute) found->absolute = error;
  if (ulp > found->ulp) {
    found->ulp = ulp;
    found->at = x;
  }
}

static void *run(void *argument) {
  task *t = argument;
  float *x = malloc(BLOCK * sizeof(float));
  float *y = malloc(BLOCK * sizeof(float));
  double *exact = malloc(BLOCK * sizeof(double));
  if (!x || !y || !exact) abort();
  for (uint64_t start = 0; start < t->count; start += BLOCK) {
    for (uint32_t i = 0; i < BLOCK; ++i) {
      uint32_t bits = t->first + (uint32_t)start + i;
      memcpy(&x[i], &bits, sizeof bits);
      exact[i] = t->f->exact((double)x[i]);
    }
    for (int k = 0; k < ISAS; ++k) {
      const tk_kernels *kernels = tk_kernels_of(isas[k]);
      if (!kernels) continue;
      kernels->f32->unary.forward[t->f->op](BLOCK, 1, x, y);
      for (uint32_t i = 0; i < BLOCK; ++i) compare(t->f, x[i], exact[i], y[i], &t->found[k]);
    }
  }
  free(x);
  free(y);
  free(exact);
  return NULL;
}

static int check(const function *f) {
  task tasks[THREADS];
  pthread_t threads[THREADS];
  memset(tasks, 0, sizeof tasks);
  for (int i = 0; i < THREADS; ++i) {
    tasks[i].f = f;
    tasks[i].count = (UINT64_C(1) << 32) / THREADS;
    tasks[i].first = (uint32_t)(tasks[i].count * (uint64_t)i);
    if (pthread_create(&threads[i], NULL, run, &tasks[i]) != 0) abort();
  }
  for (int i = 0; i < THREADS; ++i) pthread_join(threads[i], NULL);
  int failed = 0;
  for (int k = 0; k < ISAS; ++k) {
    if (!tk_kernels_of(isas[k])) continue;
    worst w = tasks[0].found[k];
    for (int i = 1; i < THREADS; ++i) {
      const worst *other = &tasks[i].found[k];
      if (other->ulp > w.ulp) w.ulp = other->ulp, w.at = other->at;
      if (other->absolute > w.absolute) w.absolute = other->absolute;
      if (w.wrong == 0) w.wrong_at = other->wrong_at;
      w.wrong += other->wrong;
      w.above += other->above;
    }
    printf("%-10s %-9s %8.3f ULP at %a (%.9g), absolute %.3g", f->name, tk_isa_name(isas[k]), w.ulp,
           (double)w.at, (double)w.at, w.absolute);
    if (w.above) printf("; %llu beyond %g ULP", (unsigned long long)w.above, f->ulp);
    if (w.wrong) {
      printf("; %llu WRONG, first at %a", (unsigned long long)w.wrong, (double)w.wrong_at);
    }
    printf("\n");
    fflush(stdout);
    failed |= w.above > 0 || w.wrong > 0;
  }
  return failed;
}

int main(int argc, char **argv) {
  int failed = 0;
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; ++i) {
    int wanted = argc == 1;
    for (int k = 1; k < argc; ++k) wanted |= strcmp(argv[k], functions[i].name) == 0;
    if (wanted) failed |= check(&functions[i]);
  }
  return failed;
}
