/* TensorKernels: the numerical loops of the tensor core, in C11.
 *
 * One header a family under tk_*.h. Each family has readable code in Reference/ and one SIMD source
 * in Families/, which Variants/ compile once for each instruction set. A caller takes the table of
 * one instruction set (tk_kernels_of) and calls through it: nothing here holds state or allocates
 * memory.
 *
 * Everywhere: arrays are dense and row-major; pointers need only the alignment of their element;
 * sizes may be 0, and then no pointer is read. Operands are read before the result at the same
 * position is written, so a result may be the very same array as an operand where the family says
 * so, and must not overlap it otherwise. */
#ifndef TENSOR_KERNELS_H
#define TENSOR_KERNELS_H

#include "tk_cross_entropy.h"
#include "tk_elementwise.h"
#include "tk_embedding_bag.h"
#include "tk_gemm.h"
#include "tk_isa.h"
#include "tk_optimizer.h"
#include "tk_random.h"
#include "tk_reduce.h"
#include "tk_softmax.h"

#pragma clang assume_nonnull begin

/* All families of one instruction set. */
typedef struct tk_kernels {
  int32_t isa;
  tk_gemm_kernels gemm;
  tk_elementwise_kernels elementwise;
  tk_reduce_kernels reduce;
  tk_softmax_kernels softmax;
  tk_cross_entropy_kernels cross_entropy;
  tk_embedding_bag_kernels embedding_bag;
  tk_optimizer_kernels optimizer;
} tk_kernels;

/* The table of an instruction set (tk_isa.h), or NULL where this machine cannot run it. Lives for
 * ever. */
const tk_kernels *_Nullable tk_kernels_of(int32_t isa);

#pragma clang assume_nonnull end

#endif
