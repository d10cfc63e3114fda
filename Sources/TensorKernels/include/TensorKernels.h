/* TensorKernels: the numerical loops of the tensor core, in C11.
 *
 * One header a family under tk_*.h. Each family has readable code in Reference/ and, where it pays,
 * one SIMD source in Families/, which Variants/ compile once for each instruction set. A caller takes
 * the table of one instruction set (tk_kernels_of) and calls through it: nothing here holds state or
 * allocates memory, but for tk_cache.h and tk_pool.h.
 *
 * Element types: a table (tk_element_kernels) has the same shape for each type, so pointers are
 * void *; a kernel that a type does not have is NULL. f32 has SIMD kernels; f64, for references and
 * statistics, and whole numbers are plain loops that the compiler vectorises.
 *
 * Everywhere: arrays are dense and row-major; pointers need only the alignment of their element;
 * sizes may be 0, and then no pointer is read. Operands are read before the result at the same
 * position is written, so a result may be the very same array as an operand where the family says
 * so, and must not overlap it otherwise. */
#ifndef TENSOR_KERNELS_H
#define TENSOR_KERNELS_H

#include "tk_binary.h"
#include "tk_bytes.h"
#include "tk_cache.h"
#include "tk_cross_entropy.h"
#include "tk_embedding_bag.h"
#include "tk_gemm.h"
#include "tk_index.h"
#include "tk_isa.h"
#include "tk_norm.h"
#include "tk_optimizer.h"
#include "tk_pool.h"
#include "tk_random.h"
#include "tk_reduce.h"
#include "tk_softmax.h"
#include "tk_sort.h"
#include "tk_unary.h"

#pragma clang assume_nonnull begin

/* All families for one element type. */
typedef struct tk_element_kernels {
  tk_unary_kernels unary;
  tk_binary_kernels binary;
  tk_reduce_kernels reduce;
  tk_softmax_kernels softmax;
  tk_norm_kernels norm;
  tk_cross_entropy_kernels cross_entropy;
  tk_embedding_bag_kernels embedding_bag;
  tk_index_kernels index;
  tk_sort_kernels sort;
  tk_gemm_kernels gemm;
} tk_element_kernels;

/* One kernel out of a table, without copying it: Swift sees the arrays as tuples. */
static inline tk_unary_fn _Nullable tk_unary_of(const tk_element_kernels *table, int32_t op) {
  return table->unary.forward[op];
}
static inline tk_unary_gradient_fn _Nullable tk_unary_gradient_of(const tk_element_kernels *table,
                                                                  int32_t op) {
  return table->unary.gradient[op];
}
static inline tk_binary_fn _Nullable tk_binary_of(const tk_element_kernels *table, int32_t op) {
  return table->binary.arithmetic[op];
}
static inline tk_binary_fn _Nullable tk_compare_of(const tk_element_kernels *table, int32_t op) {
  return table->binary.compare[op];
}
static inline tk_reduce_fn _Nullable tk_reduce_of(const tk_element_kernels *table, int32_t op) {
  return table->reduce.values[op];
}
static inline tk_arg_fn _Nullable tk_position_of(const tk_element_kernels *table, int32_t op) {
  return table->reduce.positions[op];
}

/* All element types of one instruction set. */
typedef struct tk_kernels {
  int32_t isa;
  const tk_element_kernels *f32;
  const tk_element_kernels *f64;
  /* Whole numbers: add, subtract, multiply, maximum, minimum, negate, abs; comparisons; sum, max, min,
   * positions; index; sort. u8 also serves bool. */
  const tk_element_kernels *i32;
  const tk_element_kernels *i64;
  const tk_element_kernels *u8;
  /* f32 only. */
  tk_optimizer_kernels optimizer;
} tk_kernels;

/* The table of an instruction set (tk_isa.h), or NULL where this machine cannot run it. Lives for
 * ever. */
const tk_kernels *_Nullable tk_kernels_of(int32_t isa);

#pragma clang assume_nonnull end

#endif
