/* tk_binary.h: two numbers in, one number or truth value out.
 *
 * Each operand is an array (step 1) or one number for all positions (step 0): broadcasting is made
 * of such runs. `y` may be the same array as an operand of step 1, and must not overlap one of step
 * 0. */
#ifndef TK_BINARY_H
#define TK_BINARY_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
  TK_ADD,
  TK_SUBTRACT,
  TK_MULTIPLY, /* whole numbers: these three wrap around */
  TK_DIVIDE,   /* floating point only */
  TK_POWER,    /* floating point only; C's pow */
  TK_MAXIMUM,  /* NaN where either is NaN, as numpy */
  TK_MINIMUM,
  TK_BINARY_COUNT
};

enum {
  TK_EQUAL,
  TK_NOT_EQUAL,
  TK_LESS,
  TK_LESS_EQUAL,
  TK_GREATER,
  TK_GREATER_EQUAL,
  TK_COMPARE_COUNT
};

/* y: elements of the operands' type for tk_binary, bytes 0 or 1 for tk_compare. */
typedef void (*tk_binary_fn)(size_t n, const void *a, size_t a_step, const void *b, size_t b_step,
                             void *y);

typedef struct tk_binary_kernels {
  tk_binary_fn _Nullable arithmetic[TK_BINARY_COUNT];
  tk_binary_fn _Nullable compare[TK_COMPARE_COUNT];
} tk_binary_kernels;

static inline tk_binary_fn _Nullable tk_binary_arithmetic(const tk_binary_kernels *table,
                                                          int32_t op) {
  return table->arithmetic[op];
}
static inline tk_binary_fn _Nullable tk_binary_compare(const tk_binary_kernels *table, int32_t op) {
  return table->compare[op];
}

#pragma clang assume_nonnull end

#endif
