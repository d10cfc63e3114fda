/* Cross-entropy on top of softmax: the loss is taken from the logits, not as the log of a
 * probability, which would be -Inf for a probability that underflows. */
#include "row_exp.h"

static int64_t cross_entropy_forward_f32(size_t rows, size_t columns, const void *x,
                                         const int64_t *targets, const void *weights,
                                         void *probabilities, double *weight_sum, double *loss) {
  for (size_t r = 0; r < rows; ++r) {
    if (targets[r] < 0 || (uint64_t)targets[r] >= columns) return (int64_t)r;
  }
  double total = 0;
  double total_weight = 0;
  for (size_t r = 0; r < rows; ++r) {
    const float *in = (const float *)x + r * columns;
    float shift = row_max(columns, in);
    /* Read before the probabilities, which may be the same row, are written. */
    double beside = (double)shift - (double)in[targets[r]];
    double weight = weights ? (double)((const float *)weights)[targets[r]] : 1.0;
    double sum;
    if (probabilities) {
      float *out = (float *)probabilities + r * columns;
      sum = row_exp(columns, shift, in, out, 0);
      row_scale(columns, (float)(1.0 / sum), out, out);
    } else {
      sum = row_exp(columns, shift, in, NULL, 0);
    }
    total += weight * (log(sum) + beside);
    total_weight += weight;
  }
  *weight_sum = total_weight;
  *loss = total / total_weight;
  return -1;
}

static void cross_entropy_backward_f32(size_t rows, size_t columns, const void *probabilities,
                                       const int64_t *targets, const void *weights,
                                       double weight_sum, double dloss, void *dx) {
  for (size_t r = 0; r < rows; ++r) {
    float *out = (float *)dx + r * columns;
    const float *p = (const float *)probabilities + r * columns;
    double weight = weights ? (double)((const float *)weights)[targets[r]] : 1.0;
    float factor = (float)(dloss * weight / weight_sum);
    /* factor (p - 1), not factor p - factor: the difference is what a sure prediction leaves. */
    float target = factor * (p[targets[r]] - 1.0f);
    row_scale(columns, factor, p, out);
    out[targets[r]] = target;
  }
}
