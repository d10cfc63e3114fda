/* Operands laid out as tiles read them. */

static size_t gemm_smaller(size_t a, size_t b) { return a < b ? a : b; }

static size_t gemm_round_up(size_t n, size_t step) { return (n + step - 1) / step * step; }

/* v_load and v_store of n <= TK_LANES elements. */
static inline vf gemm_load(const float *p, size_t n) {
  return n == TK_LANES ? v_load(p) : v_load_tail(p, n, 0.0f);
}

static inline void gemm_store(float *p, size_t n, vf v) {
  if (n == TK_LANES) {
    v_store(p, v);
  } else {
    v_store_tail(p, n, v);
  }
}

#include "gemm_transpose.h"

/* A panel of B: element (p, j) at panel[p * width + j], zero for columns <= j < width, where width
 * is `columns` rounded up to whole vectors. */
static void gemm_pack_panel(size_t depth, size_t columns, const float *b, size_t b_row,
                            size_t b_column, float *panel) {
  size_t width = gemm_round_up(columns, TK_LANES);
  if (b_column == 1) {
    size_t whole = columns / TK_LANES * TK_LANES;
    for (size_t p = 0; p < depth; ++p) {
      const float *from = b + p * b_row;
      float *to = panel + p * width;
      for (size_t j = 0; j < whole; j += TK_LANES) v_store(to + j, v_load(from + j));
      if (whole < columns) v_store(to + whole, v_load_tail(from + whole, columns - whole, 0.0f));
    }
  } else if (b_row == 1) {
    for (size_t j = 0; j < columns; j += TK_LANES) {
      for (size_t p = 0; p < depth; p += TK_LANES) {
        gemm_transpose(gemm_smaller(TK_LANES, depth - p), gemm_smaller(TK_LANES, columns - j),
                       b + j * b_column + p, b_column, panel + p * width + j, width);
      }
    }
  } else {
    for (size_t p = 0; p < depth; ++p) {
      for (size_t j = 0; j < width; ++j) {
        panel[p * width + j] = j < columns ? b[p * b_row + j * b_column] : 0.0f;
      }
    }
  }
}

/* to[r * to_row + i] = from[r * from_row + i * from_column]. */
static void gemm_copy(size_t rows, size_t columns, const float *from, size_t from_row,
                      size_t from_column, float *to, size_t to_row) {
  for (size_t r = 0; r < rows; ++r) {
    const float *line = from + r * from_row;
    if (from_column == 1) {
      memcpy(to + r * to_row, line, columns * sizeof(float));
    } else {
      for (size_t i = 0; i < columns; ++i) to[r * to_row + i] = line[i * from_column];
    }
  }
}
