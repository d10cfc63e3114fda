/* tk_cross_entropy.h: softmax and negative log-likelihood in one. */
#ifndef TK_CROSS_ENTROPY_H
#define TK_CROSS_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct tk_cross_entropy_kernels {
  /* Loss = sum of w[t_r] * (logsumexp(x[r]) - x[r, t_r]) / sum of w[t_r], the mean that PyTorch
   * takes.
   *
   * x: [rows, columns] logits; targets: [rows], each in 0..<columns; weights: [columns] or NULL for
   * all 1. Writes probabilities: [rows, columns], which the backward pass reads and which may be
   * the same array as x, or is NULL where no gradient will be asked for; and the sum of weights.
   * Sums in f64. Returns -1, or the first row whose target is out of range; then nothing is written.
   * Without rows, or with weights that sum to 0, the loss is NaN (0 / 0). */
  int64_t (*_Nullable forward)(size_t rows, size_t columns, const void *x, const int64_t *targets,
                               const void *_Nullable weights, void *_Nullable probabilities,
                               double *weight_sum, double *loss);
  /* dx[r, c] = dloss * w[t_r] / weight_sum * (probabilities[r, c] - (c == t_r)). Targets as checked
   * by the forward pass. dx may be the same array as probabilities. */
  void (*_Nullable backward)(size_t rows, size_t columns, const void *probabilities,
                             const int64_t *targets, const void *_Nullable weights,
                             double weight_sum, double dloss, void *dx);
} tk_cross_entropy_kernels;

#pragma clang assume_nonnull end

#endif
