/* Small transpositions in registers, for operands that lie the other way round. */

/* The same four picks in every 128 bits of two vectors: what a shuffle does without crossing them,
 * twice as fast as one that crosses. Numbers from TK_LANES on pick from b. */
#if TK_VECTOR_BYTES == 64
#define GEMM_PICK(a, b, w, x, y, z)                                                         \
  __builtin_shufflevector(a, b, w, x, y, z, w + 4, x + 4, y + 4, z + 4, w + 8, x + 8,       \
                          y + 8, z + 8, w + 12, x + 12, y + 12, z + 12)
#define GEMM_EVEN_QUARTERS(a, b) \
  __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
#define GEMM_ODD_QUARTERS(a, b) \
  __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
#elif TK_VECTOR_BYTES == 32
#define GEMM_PICK(a, b, w, x, y, z) \
  __builtin_shufflevector(a, b, w, x, y, z, w + 4, x + 4, y + 4, z + 4)
#define GEMM_EVEN_QUARTERS(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define GEMM_ODD_QUARTERS(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
#else
#define GEMM_PICK(a, b, w, x, y, z) __builtin_shufflevector(a, b, w, x, y, z)
/* One quarter a vector: no round of these is made. */
#define GEMM_EVEN_QUARTERS(a, b) (a)
#define GEMM_ODD_QUARTERS(a, b) (b)
#endif

/* x[p] lane j becomes x[j] lane p. */
GEMM_INLINE void gemm_transpose_vectors(vf x[TK_LANES]) {
  enum { N = TK_LANES };
  /* 4 x 4 within each quarter: 4 g + r then holds, in quarter q, column 4 q + r of rows 4 g ... */
#pragma clang loop unroll(full)
  for (size_t g = 0; g < N; g += 4) {
    vf low01 = GEMM_PICK(x[g], x[g + 1], 0, N, 1, N + 1);
    vf high01 = GEMM_PICK(x[g], x[g + 1], 2, N + 2, 3, N + 3);
    vf low23 = GEMM_PICK(x[g + 2], x[g + 3], 0, N, 1, N + 1);
    vf high23 = GEMM_PICK(x[g + 2], x[g + 3], 2, N + 2, 3, N + 3);
    x[g] = GEMM_PICK(low01, low23, 0, 1, N, N + 1);
    x[g + 1] = GEMM_PICK(low01, low23, 2, 3, N + 2, N + 3);
    x[g + 2] = GEMM_PICK(high01, high23, 0, 1, N, N + 1);
    x[g + 3] = GEMM_PICK(high01, high23, 2, 3, N + 2, N + 3);
  }
  /* Then quarters as wholes: dealing out evens and odds, log2 times over, is a transposition. */
#pragma clang loop unroll(full)
  for (size_t round = 4; round < N; round *= 2) {
    vf y[N];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < 4; ++r) {
#pragma clang loop unroll(full)
      for (size_t g = 0; g < N / 8; ++g) {
        vf first = x[8 * g + r], second = x[8 * g + 4 + r];
        y[4 * g + r] = GEMM_EVEN_QUARTERS(first, second);
        y[4 * g + N / 2 + r] = GEMM_ODD_QUARTERS(first, second);
      }
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < N; ++i) x[i] = y[i];
  }
}

/* to[p * to_row + j] = from[j * from_row + p] for p < depth, j < columns, both at most TK_LANES;
 * zero for columns <= j < TK_LANES. */
static void gemm_transpose(size_t depth, size_t columns, const float *from, size_t from_row,
                           float *to, size_t to_row) {
  vf x[TK_LANES];
  if (depth == TK_LANES && columns == TK_LANES) {
#pragma clang loop unroll(full)
    for (size_t j = 0; j < TK_LANES; ++j) x[j] = v_load(from + j * from_row);
    gemm_transpose_vectors(x);
#pragma clang loop unroll(full)
    for (size_t p = 0; p < TK_LANES; ++p) v_store(to + p * to_row, x[p]);
    return;
  }
  for (size_t j = 0; j < TK_LANES; ++j) {
    x[j] = j < columns ? gemm_load(from + j * from_row, depth) : v_zero();
  }
  gemm_transpose_vectors(x);
  for (size_t p = 0; p < depth; ++p) v_store(to + p * to_row, x[p]);
}
