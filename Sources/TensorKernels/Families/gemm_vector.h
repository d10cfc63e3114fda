/* Products of a matrix with one vector: bound by how fast the matrix can be read, once. */

/* out[r * out_step] = sum over p of matrix[r * row + p * column] * x[p * x_step], r < n, or that
 * added to it. One of row and column is 1. */
typedef struct gemm_vector_product {
  size_t n, k;
  const float *matrix;
  size_t row, column;
  const float *x;
  size_t x_step;
  float *out;
  size_t out_step;
  int add;
} gemm_vector_product;

/* A chain of vectors for each of `rows` rows, which then sums its lanes. Four rows at once: that
 * many independent chains hide the latency of the addition. */
GEMM_INLINE void gemm_vector_dots(size_t rows, const gemm_vector_product *v, size_t r) {
  vf sums[4];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; ++i) sums[i] = v_zero();
  const float *at = v->matrix + r * v->row;
  size_t whole = v->k / TK_LANES * TK_LANES;
  for (size_t p = 0; p < whole; p += TK_LANES) {
    vf x = v_load(v->x + p);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; ++i) sums[i] += v_load(at + i * v->row + p) * x;
  }
  size_t rest = v->k - whole;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; ++i) {
    if (rest > 0) {
      sums[i] += v_load_tail(at + i * v->row + whole, rest, 0.0f) *
                 v_load_tail(v->x + whole, rest, 0.0f);
    }
    float *to = v->out + (r + i) * v->out_step;
    float sum = v_sum(sums[i]);
    *to = v->add ? *to + sum : sum;
  }
}

/* Vectors of elements of `out` in a strip. 8 chains hide the latency, and 8 vectors are several
 * lines of the matrix a step, which the prefetcher needs. */
#define GEMM_STRIP 8

GEMM_INLINE void gemm_vector_strip(size_t vectors, size_t tail, const gemm_vector_product *v,
                                   size_t r) {
  vf sums[GEMM_STRIP];
  size_t last = vectors - 1;
#pragma clang loop unroll(full)
  for (size_t j = 0; j < vectors; ++j) {
    size_t n = j == last ? tail : TK_LANES;
    sums[j] = v->add ? gemm_load(v->out + r + j * TK_LANES, n) : v_zero();
  }
  const float *at = v->matrix + r;
  for (size_t p = 0; p < v->k; ++p) {
    vf x = v_splat(v->x[p * v->x_step]);
#pragma clang loop unroll(full)
    for (size_t j = 0; j < last; ++j) sums[j] += v_load(at + j * TK_LANES) * x;
    sums[last] += gemm_load(at + last * TK_LANES, tail) * x;
    at += v->column;
  }
#pragma clang loop unroll(full)
  for (size_t j = 0; j < vectors; ++j) {
    gemm_store(v->out + r + j * TK_LANES, j == last ? tail : TK_LANES, sums[j]);
  }
}

/* Elements begin ..< end of `out`. Each is one sum in a fixed order, whatever the range. */
static void gemm_vector_multiply(const gemm_vector_product *v, size_t begin, size_t end) {
  size_t r = begin;
  if (v->column == 1 && v->x_step == 1) {
    for (; r + 4 <= end; r += 4) gemm_vector_dots(4, v, r);
    for (; r < end; ++r) gemm_vector_dots(1, v, r);
    return;
  }
  size_t strip = GEMM_STRIP * TK_LANES;
  for (; r + strip <= end; r += strip) gemm_vector_strip(GEMM_STRIP, TK_LANES, v, r);
  for (; r < end; r += TK_LANES) {
    gemm_vector_strip(1, gemm_smaller(TK_LANES, end - r), v, r);
  }
}

/* Whether matrix `index` of the batch is such a product, and which. Asks nothing but sizes and
 * steps, which the whole batch shares. */
static int gemm_is_vector(const tk_gemm_call *call, size_t index, gemm_vector_product *v) {
  if (call->packed_b != NULL) return 0;
  const float *a = (const float *)call->a + index * call->a_batch;
  const float *b = (const float *)call->b + index * call->b_batch;
  *v = (gemm_vector_product){.k = call->k,
                             .out = (float *)call->c + index * call->c_batch,
                             .add = call->accumulate};
  if (call->m == 1) {
    v->n = call->n;
    v->matrix = b;
    v->row = call->b_column;
    v->column = call->b_row;
    v->x = a;
    v->x_step = call->a_column;
    v->out_step = 1;
  } else if (call->n == 1) {
    v->n = call->m;
    v->matrix = a;
    v->row = call->a_row;
    v->column = call->a_column;
    v->x = b;
    v->x_step = call->b_row;
    v->out_step = call->c_row;
  } else {
    return 0;
  }
  return (v->column == 1 && v->x_step == 1) || (v->row == 1 && v->out_step == 1);
}

/* Elements of `out` that a thread takes at once: strips stay whole. */
#define GEMM_VECTOR_GRAIN (GEMM_STRIP * TK_LANES)

static void gemm_run_vectors(void *data, size_t begin, size_t end) {
  const tk_gemm_call *call = data;
  size_t n = call->m == 1 ? call->n : call->m;
  size_t grains = (n + GEMM_VECTOR_GRAIN - 1) / GEMM_VECTOR_GRAIN;
  for (size_t unit = begin; unit < end; ++unit) {
    size_t matrix = unit / grains;
    size_t r = unit % grains * GEMM_VECTOR_GRAIN;
    size_t count = gemm_smaller(GEMM_VECTOR_GRAIN, n - r);
    gemm_vector_product v;
    gemm_is_vector(call, matrix, &v);
    gemm_vector_multiply(&v, r, r + count);
    if (call->m == 1) {
      gemm_finish(call, matrix, 0, 1, r, count);
    } else {
      gemm_finish(call, matrix, r, count, 0, 1);
    }
  }
}
