/* Chooses the table of kernels: the only place that asks what the machine can do. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "Variants/variants.h"

static int tk_isa_is_supported(int32_t isa) {
  switch (isa) {
    case TK_ISA_REFERENCE:
    case TK_ISA_PORTABLE:
      return 1;
#if defined(__x86_64__)
    case TK_ISA_AVX2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case TK_ISA_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
    default:
      return 0;
  }
}

const tk_kernels *tk_kernels_of(int32_t isa) {
  if (!tk_isa_is_supported(isa)) return NULL;
  switch (isa) {
    case TK_ISA_REFERENCE:
      return &tk_kernels_reference;
    case TK_ISA_PORTABLE:
      return &tk_kernels_portable;
#if defined(__x86_64__)
    case TK_ISA_AVX2:
      return &tk_kernels_avx2;
    case TK_ISA_AVX512:
      return &tk_kernels_avx512;
#endif
    default:
      return NULL;
  }
}

const char *tk_isa_name(int32_t isa) {
  switch (isa) {
    case TK_ISA_REFERENCE:
      return "reference";
    case TK_ISA_PORTABLE:
      return "portable";
    case TK_ISA_AVX2:
      return "avx2";
    case TK_ISA_AVX512:
      return "avx512";
    default:
      return "unknown";
  }
}

int32_t tk_isa_resolve(const char *name, int32_t *isa) {
  if (name == NULL || name[0] == '\0') {
    int32_t best = TK_ISA_PORTABLE;
    for (int32_t i = TK_ISA_PORTABLE; i <= TK_ISA_AVX512; ++i) {
      if (tk_isa_is_supported(i)) best = i;
    }
    *isa = best;
    return TK_ISA_OK;
  }
  for (int32_t i = TK_ISA_REFERENCE; i <= TK_ISA_AVX512; ++i) {
    if (strcmp(name, tk_isa_name(i)) == 0) {
      if (!tk_isa_is_supported(i)) return TK_ISA_UNSUPPORTED;
      *isa = i;
      return TK_ISA_OK;
    }
  }
  return TK_ISA_UNKNOWN;
}

uint32_t tk_core_count(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) {
    return (uint32_t)CPU_COUNT(&set);
  }
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (uint32_t)online : 1;
}
