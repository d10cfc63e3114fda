/* Reference for tk_gemm.h. Sums in f64, so that it stands nearer to the truth than what is tested
 * against it. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* Columns of C whose sums are kept at once: row p of B is added to all of them, in the order that
 * it lies in memory. 2 KiB of sums stay in the first cache. */
#define TK_REFERENCE_STRIP 256

static size_t T(gemm_workspace)(const tk_gemm_call *call, uint32_t threads) {
  (void)call;
  (void)threads;
  return 0;
}

static WIDE T(gemm_activate)(int32_t activation, WIDE x) {
  switch (activation) {
    case TK_RELU:
      return x < 0 ? 0 : x;
    case TK_TANH:
      return tanh(x);
    case TK_SIGMOID:
      return 1 / (1 + exp(-x));
    case TK_GELU:
      /* erfc does not cancel where x is far below zero. */
      return 0.5 * x * erfc(-x * 0.70710678118654752440);
    case TK_GELU_TANH:
      return 0.5 * x * (1 + tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x)));
    case TK_SILU:
      return x / (1 + exp(-x));
    default:
      return x;
  }
}

/* Row i of matrix `matrix`, columns j ..< j + columns. */
static void T(gemm_row)(const tk_gemm_call *call, size_t matrix, size_t i, size_t j,
                        size_t columns) {
  const REAL *a = (const REAL *)call->a + matrix * call->a_batch + i * call->a_row;
  const REAL *b = (const REAL *)call->b + matrix * call->b_batch + j * call->b_column;
  size_t b_row = call->b_row, b_column = call->b_column;
  if (call->packed_b != NULL) {
    b = (const REAL *)call->packed_b + j;
    b_row = call->n;
    b_column = 1;
  }
  size_t offset = matrix * call->c_batch + i * call->c_row + j;
  REAL *c = (REAL *)call->c + offset;
  WIDE sums[TK_REFERENCE_STRIP];
  for (size_t q = 0; q < columns; ++q) sums[q] = call->accumulate ? (WIDE)c[q] : 0;
  for (size_t p = 0; p < call->k; ++p) {
    WIDE factor = a[p * call->a_column];
    const REAL *row = b + p * b_row;
    if (b_column == 1) {
      for (size_t q = 0; q < columns; ++q) sums[q] += factor * (WIDE)row[q];
    } else {
      for (size_t q = 0; q < columns; ++q) sums[q] += factor * (WIDE)row[q * b_column];
    }
  }
  for (size_t q = 0; q < columns; ++q) {
    if (call->bias != NULL) sums[q] += (WIDE)((const REAL *)call->bias)[j + q];
    if (call->before != NULL) ((REAL *)call->before + offset)[q] = (REAL)sums[q];
    c[q] = (REAL)T(gemm_activate)(call->activation, sums[q]);
  }
}

static void T(gemm_rows)(void *data, size_t begin, size_t end) {
  const tk_gemm_call *call = data;
  for (size_t row = begin; row < end; ++row) {
    for (size_t j = 0; j < call->n; j += TK_REFERENCE_STRIP) {
      size_t left = call->n - j;
      T(gemm_row)(call, row / call->m, row % call->m, j,
                  left < TK_REFERENCE_STRIP ? left : TK_REFERENCE_STRIP);
    }
  }
}

static void T(gemm_multiply)(const tk_gemm_call *call, void *workspace, tk_pool *pool,
                             uint32_t threads) {
  (void)workspace;
  /* Below some 100 us of work another thread is not worth its waking. */
  size_t work = call->m * call->n * call->k * call->batch;
  tk_pool_run(pool, work < 100000 ? 1 : threads, call->batch * call->m, 1, T(gemm_rows),
              (void *)call);
}

static size_t T(gemm_packed_bytes)(size_t n, size_t k) {
  return (n * k * sizeof(REAL) + 63) / 64 * 64;
}

/* Packed: B, row-major. */
static void T(gemm_pack_b)(size_t n, size_t k, const void *b, size_t b_row, size_t b_column,
                           void *packed, tk_pool *pool, uint32_t threads) {
  (void)pool;
  (void)threads;
  for (size_t p = 0; p < k; ++p) {
    for (size_t j = 0; j < n; ++j) {
      ((REAL *)packed)[p * n + j] = ((const REAL *)b)[p * b_row + j * b_column];
    }
  }
}
