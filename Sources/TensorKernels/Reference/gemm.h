/* Reference for tk_gemm.h. Sums in f64, so that it stands nearer to the truth than what is tested
 * against it. */
#include <stddef.h>
#include <stdint.h>

static size_t gemm_workspace_f32(size_t m, size_t n, size_t k) {
  (void)m;
  (void)n;
  (void)k;
  return 0;
}

static void gemm_multiply_f32(size_t m, size_t n, size_t k, const float *a, size_t a_row,
                              size_t a_column, const float *b, size_t b_row, size_t b_column,
                              float *c, size_t c_row, int32_t accumulate, float *workspace) {
  (void)workspace;
  for (size_t i = 0; i < m; ++i) {
    for (size_t j = 0; j < n; ++j) {
      double sum = accumulate ? (double)c[i * c_row + j] : 0.0;
      for (size_t p = 0; p < k; ++p) {
        sum += (double)a[i * a_row + p * a_column] * (double)b[p * b_row + j * b_column];
      }
      c[i * c_row + j] = (float)sum;
    }
  }
}
