/* Reference for tk_cross_entropy.h. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

static double row_max(size_t n, const float *x);
static double row_exp_sum(size_t n, double shift, const float *x);

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
    double shift = row_max(columns, in);
    double sum = row_exp_sum(columns, shift, in);
    double weight = weights ? (double)weights[targets[r]] : 1.0;
    total += weight * (log(sum) + shift - (double)in[targets[r]]);
    total_weight += weight;
    for (size_t c = 0; c < columns; ++c) {
      probabilities[r * columns + c] = (float)(exp((double)in[c] - shift) / sum);
    }
  }
  *weight_sum = total_weight;
  *loss = (float)(total / total_weight);
  return -1;
}

static void cross_entropy_backward_f32(size_t rows, size_t columns, const float *probabilities,
                                       const int64_t *targets, const float *weights,
                                       double weight_sum, float dloss, float *dx) {
  for (size_t r = 0; r < rows; ++r) {
    double weight = weights ? (double)weights[targets[r]] : 1.0;
    for (size_t c = 0; c < columns; ++c) {
      double target = (int64_t)c == targets[r] ? 1.0 : 0.0;
      double p = (double)probabilities[r * columns + c];
      dx[r * columns + c] = (float)((double)dloss * weight / weight_sum * (p - target));
    }
  }
}
