/* Cross-entropy on top of softmax: the loss is taken from the logits, not as the log of a
 * probability, which would be -Inf for a probability that underflows. */
#include <math.h>

static double row_exp(size_t n, float shift, const float *x, float *y);
static float row_max(size_t n, const float *x);
static void scale_f32(size_t n, float factor, const float *x, float *y);

static int64_t cross_entropy_forward_f32(size_t rows, size_t columns, const float *x,
                                         const int64_t *targets, const float *weights,
                                         float *probabilities, double *weight_sum, float *loss) {
  for (size_t r = 0; r < rows; ++r) {
    if (targets[r] < 0 || (uint64_t)targets[r] >= columns) return (int64_t)r;
  }
  double total = 0;
  double total_weight = 0;
  for (size_t r = 0; r < rows; ++r) {
    const float *in = x + r * columns;
    float *out = probabilities + r * columns;
    float shift = row_max(columns, in);
    /* Read before `out`, which may be the same row, is written. */
    double target_logit = (double)in[targets[r]];
    double weight = weights ? (double)weights[targets[r]] : 1.0;
    double sum = row_exp(columns, shift, in, out);
    scale_f32(columns, (float)(1.0 / sum), out, out);
    total += weight * (log(sum) + (double)shift - target_logit);
    total_weight += weight;
  }
  *weight_sum = total_weight;
  *loss = (float)(total / total_weight);
  return -1;
}

static void cross_entropy_backward_f32(size_t rows, size_t columns, const float *probabilities,
                                       const int64_t *targets, const float *weights,
                                       double weight_sum, float dloss, float *dx) {
  for (size_t r = 0; r < rows; ++r) {
    float *out = dx + r * columns;
    double weight = weights ? (double)weights[targets[r]] : 1.0;
    float factor = (float)((double)dloss * weight / weight_sum);
    scale_f32(columns, factor, probabilities + r * columns, out);
    out[targets[r]] -= factor;
  }
}
