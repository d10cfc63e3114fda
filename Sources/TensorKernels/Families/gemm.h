/* GEMM after Goto and van de Geijn ("Anatomy of high-performance matrix multiplication", 2008).
 *
 * Both operands are copied block by block into panels that the inner loop reads in order: panels of
 * A are GEMM_MR rows high, panels of B GEMM_NR columns wide. Edges are padded with zeros while
 * packing, so the inner loop has one shape only and never reads past an operand; edge tiles of C go
 * through a small buffer. */

#define GEMM_MR TK_GEMM_ROWS
#define GEMM_NR (TK_GEMM_VECTORS * TK_LANES)
/* A block of A (96 x 256 floats, 96 KiB) and one of B (256 x 512, 512 KiB) share the second cache;
 * a panel of B (256 x 32, 32 KiB at the widest) streams through the first. 96 is a multiple of
 * every GEMM_MR. */
#define GEMM_MC 96
#define GEMM_KC 256
#define GEMM_NC 512

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static size_t round_up(size_t n, size_t step) { return (n + step - 1) / step * step; }

static size_t gemm_workspace_f32(size_t m, size_t n, size_t k) {
  size_t depth = smaller(k, GEMM_KC);
  size_t a = smaller(round_up(m, GEMM_MR), GEMM_MC) * depth;
  size_t b = smaller(round_up(n, GEMM_NR), GEMM_NC) * depth;
  return a + b;
}

/* Panels of `height` rows: element (i, p) of a panel at [p * height + i]. `rows` counts real rows
 * of the block. */
static void gemm_pack(size_t rows, size_t depth, size_t height, const float *x, size_t row_step,
                      size_t depth_step, float *panels) {
  for (size_t r = 0; r < rows; r += height) {
    size_t real = smaller(height, rows - r);
    const float *from = x + r * row_step;
    if (row_step == 1) {
      for (size_t p = 0; p < depth; ++p) {
        memcpy(panels + p * height, from + p * depth_step, real * sizeof(float));
      }
    } else {
      for (size_t i = 0; i < real; ++i) {
        const float *line = from + i * row_step;
        for (size_t p = 0; p < depth; ++p) panels[p * height + i] = line[p * depth_step];
      }
    }
    for (size_t i = real; i < height; ++i) {
      for (size_t p = 0; p < depth; ++p) panels[p * height + i] = 0.0f;
    }
    panels += height * depth;
  }
}

/* One tile: GEMM_MR x GEMM_NR sums in registers, added to C or stored. */
static void gemm_tile(size_t depth, const float *a, const float *b, float *c, size_t c_row,
                      int accumulate) {
  vf sums[GEMM_MR][TK_GEMM_VECTORS];
  for (size_t i = 0; i < GEMM_MR; ++i) {
    for (size_t j = 0; j < TK_GEMM_VECTORS; ++j) sums[i][j] = v_zero();
  }
  for (size_t p = 0; p < depth; ++p) {
    vf columns[TK_GEMM_VECTORS];
    for (size_t j = 0; j < TK_GEMM_VECTORS; ++j) columns[j] = v_load(b + j * TK_LANES);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < GEMM_MR; ++i) {
      vf row = v_splat(a[i]);
      for (size_t j = 0; j < TK_GEMM_VECTORS; ++j) sums[i][j] += row * columns[j];
    }
    a += GEMM_MR;
    b += GEMM_NR;
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < GEMM_MR; ++i) {
    for (size_t j = 0; j < TK_GEMM_VECTORS; ++j) {
      float *at = c + i * c_row + j * TK_LANES;
      v_store(at, accumulate ? v_load(at) + sums[i][j] : sums[i][j]);
    }
  }
}

static void gemm_edge_tile(size_t rows, size_t columns, size_t depth, const float *a,
                           const float *b, float *c, size_t c_row, int accumulate) {
  float tile[GEMM_MR * GEMM_NR];
  gemm_tile(depth, a, b, tile, GEMM_NR, 0);
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < columns; ++j) {
      float sum = tile[i * GEMM_NR + j];
      c[i * c_row + j] = accumulate ? c[i * c_row + j] + sum : sum;
    }
  }
}

static void gemm_multiply_f32(size_t m, size_t n, size_t k, const float *a, size_t a_row,
                              size_t a_column, const float *b, size_t b_row, size_t b_column,
                              float *c, size_t c_row, int32_t accumulate, float *workspace) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    for (size_t i = 0; i < m && !accumulate; ++i) memset(c + i * c_row, 0, n * sizeof(float));
    return;
  }
  float *a_panels = workspace;
  float *b_panels = workspace + smaller(round_up(m, GEMM_MR), GEMM_MC) * smaller(k, GEMM_KC);
  for (size_t j0 = 0; j0 < n; j0 += GEMM_NC) {
    size_t columns = smaller(GEMM_NC, n - j0);
    for (size_t p0 = 0; p0 < k; p0 += GEMM_KC) {
      size_t depth = smaller(GEMM_KC, k - p0);
      int add = accumulate || p0 > 0;
      /* B is packed with its columns in the role of rows. */
      gemm_pack(columns, depth, GEMM_NR, b + p0 * b_row + j0 * b_column, b_column, b_row, b_panels);
      for (size_t i0 = 0; i0 < m; i0 += GEMM_MC) {
        size_t rows = smaller(GEMM_MC, m - i0);
        gemm_pack(rows, depth, GEMM_MR, a + i0 * a_row + p0 * a_column, a_row, a_column, a_panels);
        for (size_t j = 0; j < columns; j += GEMM_NR) {
          for (size_t i = 0; i < rows; i += GEMM_MR) {
            const float *a_panel = a_panels + i * depth;
            const float *b_panel = b_panels + j * depth;
            float *at = c + (i0 + i) * c_row + j0 + j;
            if (rows - i >= GEMM_MR && columns - j >= GEMM_NR) {
              gemm_tile(depth, a_panel, b_panel, at, c_row, add);
            } else {
              gemm_edge_tile(smaller(GEMM_MR, rows - i), smaller(GEMM_NR, columns - j), depth,
                             a_panel, b_panel, at, c_row, add);
            }
          }
        }
      }
    }
  }
}
