/* tk_gemm.h: products of matrices, with what usually follows fused in. */
#ifndef TK_GEMM_H
#define TK_GEMM_H

#include <stddef.h>
#include <stdint.h>

#include "tk_pool.h"

#pragma clang assume_nonnull begin

/* One product, or a batch of them: C = act(A · B + bias), or C += A · B.
 *
 * Element (i, p) of A stands at a[i * a_row + p * a_column], likewise B, so a transposed operand is
 * the same memory with its steps swapped. Matrix j of a batch begins j * a_batch (b_batch, c_batch)
 * elements further; a step of 0 shares an operand. Steps are in elements, not negative. Rows of C
 * are dense, c_row apart. With K = 0 the product is zero. C and `before` must not overlap an operand
 * nor each other. Nothing past the end of an operand is read. */
typedef struct tk_gemm_call {
  size_t batch, m, n, k;
  const void *a;
  size_t a_row, a_column, a_batch;
  /* Not read where packed_b is given. */
  const void *_Nullable b;
  size_t b_row, b_column, b_batch;
  /* What pack_b made of a B that all matrices of the batch share; NULL: packed on the way. */
  const void *_Nullable packed_b;
  void *c;
  size_t c_row, c_batch;
  /* Not 0: C += A · B; then bias, activation and before must be absent. */
  int32_t accumulate;
  /* TK_IDENTITY, or an operation of tk_unary.h among: TK_RELU, TK_TANH, TK_SIGMOID, TK_GELU,
   * TK_GELU_TANH, TK_SILU. */
  int32_t activation;
  /* [N], added to every row; NULL: none. */
  const void *_Nullable bias;
  /* [M, N] laid out as C: the values before the activation, which gradients of some need; NULL: not
   * wanted. */
  void *_Nullable before;
} tk_gemm_call;

enum { TK_IDENTITY = -1 };

typedef struct tk_gemm_kernels {
  /* Bytes of scratch memory, 64-byte aligned, that `multiply` needs for this call with at most
   * `threads` threads. Looks at sizes, steps and packed_b only. */
  size_t (*_Nullable workspace)(const tk_gemm_call *call, uint32_t threads);
  /* The same bits for the same sizes, whatever the number of threads. Rounding: sums in the type of
   * the elements; the error grows as K. workspace may be NULL where 0 bytes are needed. */
  void (*_Nullable multiply)(const tk_gemm_call *call, void *_Nullable workspace,
                             tk_pool *_Nullable pool, uint32_t threads);
  /* Bytes of a packed B of [K, N]; 64-byte aligned. */
  size_t (*_Nullable packed_bytes)(size_t n, size_t k);
  /* Lays B out as the inner loop reads it. The layout belongs to the instruction set. */
  void (*_Nullable pack_b)(size_t n, size_t k, const void *b, size_t b_row, size_t b_column,
                           void *packed, tk_pool *_Nullable pool, uint32_t threads);
} tk_gemm_kernels;

#pragma clang assume_nonnull end

#endif
