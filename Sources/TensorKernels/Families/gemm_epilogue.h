/* What follows a product, applied to a tile while it lies in the first cache. */

static inline vf gemm_identity(vf x) { return x; }

/* The second of v_max where one is NaN: NaN stays. */
static inline vf gemm_relu(vf x) { return v_max(v_zero(), x); }

/* By columns of vectors, so that the bias stays in a register. */
#define GEMM_DEFINE_FINISH(name, function)                                                  \
  static void gemm_finish_##name(size_t rows, size_t columns, const float *bias, float *c,  \
                                 float *before, size_t c_row) {                             \
    for (size_t j = 0; j < columns; j += TK_LANES) {                                        \
      size_t n = gemm_smaller(TK_LANES, columns - j);                                       \
      vf added = bias == NULL ? v_zero() : gemm_load(bias + j, n);                          \
      if (n == TK_LANES && before == NULL) {                                                \
        for (size_t i = 0; i < rows; ++i) {                                                 \
          float *at = c + i * c_row + j;                                                    \
          v_store(at, function(v_load(at) + added));                                        \
        }                                                                                   \
      } else {                                                                              \
        for (size_t i = 0; i < rows; ++i) {                                                 \
          float *at = c + i * c_row + j;                                                    \
          vf x = gemm_load(at, n) + added;                                                  \
          if (before != NULL) gemm_store(before + i * c_row + j, n, x);                     \
          gemm_store(at, n, function(x));                                                   \
        }                                                                                   \
      }                                                                                     \
    }                                                                                       \
  }

GEMM_DEFINE_FINISH(identity, gemm_identity)
GEMM_DEFINE_FINISH(relu, gemm_relu)
GEMM_DEFINE_FINISH(tanh, v_tanh)
GEMM_DEFINE_FINISH(sigmoid, v_sigmoid)
GEMM_DEFINE_FINISH(gelu, gemm_gelu)
GEMM_DEFINE_FINISH(gelu_tanh, v_gelu_tanh)
GEMM_DEFINE_FINISH(silu, v_silu)

/* Bias and activation over C's elements [i ..< i + rows, j ..< j + columns] of one matrix. */
static void gemm_finish(const tk_gemm_call *call, size_t matrix, size_t i, size_t rows, size_t j,
                        size_t columns) {
  if (call->bias == NULL && call->activation == TK_IDENTITY && call->before == NULL) return;
  const float *bias = call->bias == NULL ? NULL : (const float *)call->bias + j;
  size_t offset = matrix * call->c_batch + i * call->c_row + j;
  float *c = (float *)call->c + offset;
  float *before = call->before == NULL ? NULL : (float *)call->before + offset;
  size_t c_row = call->c_row;
  switch (call->activation) {
    case TK_RELU:
      gemm_finish_relu(rows, columns, bias, c, before, c_row);
      break;
    case TK_TANH:
      gemm_finish_tanh(rows, columns, bias, c, before, c_row);
      break;
    case TK_SIGMOID:
      gemm_finish_sigmoid(rows, columns, bias, c, before, c_row);
      break;
    case TK_GELU:
      gemm_finish_gelu(rows, columns, bias, c, before, c_row);
      break;
    case TK_GELU_TANH:
      gemm_finish_gelu_tanh(rows, columns, bias, c, before, c_row);
      break;
    case TK_SILU:
      gemm_finish_silu(rows, columns, bias, c, before, c_row);
      break;
    default:
      gemm_finish_identity(rows, columns, bias, c, before, c_row);
      break;
  }
}
