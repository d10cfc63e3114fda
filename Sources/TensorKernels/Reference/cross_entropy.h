/* Reference for tk_cross_entropy.h, as a template; see types.h. Row maxima and sums: softmax.h. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

static int64_t T(cross_entropy_forward)(size_t rows, size_t columns, const void *x,
                                        const int64_t *targets, const void *weights_,
                                        void *probabilities, double *weight_sum, double *loss) {
  const REAL *weights = weights_;
  for (size_t r = 0; r < rows; ++r) {
    if (targets[r] < 0 || (uint64_t)targets[r] >= columns) return (int64_t)r;
  }
  double total = 0;
  double total_weight = 0;
  for (size_t r = 0; r < rows; ++r) {
    const REAL *in = (const REAL *)x + r * columns;
    double shift = T(row_max)(columns, in);
    double sum = T(row_exp_sum)(columns, shift, in);
    double weight = weights ? (double)weights[targets[r]] : 1.0;
    /* From the logits: the log of a probability that underflows would be -Inf. */
    total += weight * (log(sum) + (shift - (double)in[targets[r]]));
    total_weight += weight;
    if (!probabilities) continue;
    REAL *out = (REAL *)probabilities + r * columns;
    for (size_t c = 0; c < columns; ++c) out[c] = (REAL)(exp((double)in[c] - shift) / sum);
  }
  *weight_sum = total_weight;
  *loss = total / total_weight;
  return -1;
}

static void T(cross_entropy_backward)(size_t rows, size_t columns, const void *probabilities,
                                      const int64_t *targets, const void *weights_,
                                      double weight_sum, double dloss, void *dx) {
  const REAL *weights = weights_;
  for (size_t r = 0; r < rows; ++r) {
    const REAL *p = (const REAL *)probabilities + r * columns;
    REAL *out = (REAL *)dx + r * columns;
    double factor = dloss * (weights ? (double)weights[targets[r]] : 1.0) / weight_sum;
    for (size_t c = 0; c < columns; ++c) {
      double target = (int64_t)c == targets[r] ? 1.0 : 0.0;
      out[c] = (REAL)(factor * ((double)p[c] - target));
    }
  }
}
