/* tk_isa.h: which instruction sets there are, and which this machine can run. */
#ifndef TK_ISA_H
#define TK_ISA_H

#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
  TK_ISA_REFERENCE = 0, /* scalar, readable: what the others are tested against */
  TK_ISA_PORTABLE = 1,  /* 16-byte vectors, which every machine of the architecture has */
  TK_ISA_AVX2 = 2,      /* with FMA */
  TK_ISA_AVX512 = 3     /* F, BW, DQ, VL */
};

enum {
  TK_ISA_OK = 0,
  TK_ISA_UNKNOWN = 1,    /* no instruction set has this name */
  TK_ISA_UNSUPPORTED = 2 /* this machine cannot run it */
};

/* "reference", "portable", "avx2", "avx512"; "unknown" for any other number. */
const char *tk_isa_name(int32_t isa);

/* Finds the instruction set called `name`, or the best of this machine where `name` is NULL or
 * empty. Writes `isa` on TK_ISA_OK only. */
int32_t tk_isa_resolve(const char *_Nullable name, int32_t *isa);

/* The cores that this process may run on (its affinity mask), at least 1. */
uint32_t tk_core_count(void);

#pragma clang assume_nonnull end

#endif
