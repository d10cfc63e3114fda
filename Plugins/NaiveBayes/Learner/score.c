#include "nb_fit.h"

#include <math.h>

void nb_score(const nb_weights *weights, const nb_rows *rows, uint64_t row, double *scores) {
  for (uint32_t c = 0; c < weights->classes; c++) {
    const float *own = weights->weights + (size_t)c * weights->features;
    double sum = (double)weights->priors[c];
    for (uint64_t e = rows->offsets[row]; e < rows->offsets[row + 1]; e++)
      sum += (double)rows->values[e] * (double)own[rows->indices[e]];
    scores[c] = sum;
  }
}

double nb_length(const nb_rows *rows, uint64_t row) {
  double length = 0;
  for (uint64_t e = rows->offsets[row]; e < rows->offsets[row + 1]; e++)
    length += (double)rows->values[e];
  return length;
}

void nb_log_softmax(const double *scores, uint32_t classes, double temperature, double *logp) {
  double top = -INFINITY, sum = 0;
  for (uint32_t c = 0; c < classes; c++) top = fmax(top, scores[c]);
  for (uint32_t c = 0; c < classes; c++) sum += exp((scores[c] - top) / temperature);
  const double logarithm = log(sum);
  for (uint32_t c = 0; c < classes; c++) logp[c] = (scores[c] - top) / temperature - logarithm;
}

static double mean_loss(const double *scores, const uint32_t *labels, uint64_t rows,
                        uint32_t classes, double temperature) {
  double loss = 0;
  for (uint64_t row = 0; row < rows; row++) {
    const double *own = scores + row * classes;
    double top = -INFINITY, sum = 0;
    for (uint32_t c = 0; c < classes; c++) top = fmax(top, own[c]);
    for (uint32_t c = 0; c < classes; c++) sum += exp((own[c] - top) / temperature);
    loss += log(sum) - (own[labels[row]] - top) / temperature;
  }
  return loss / (double)rows;
}

double nb_fit_temperature(const double *scores, const uint32_t *labels, uint64_t rows,
                          uint32_t classes) {
  if (rows == 0) return 1;
  /* A bracket of 2 · ln 1000 shrinks by 0.618 a step: after 40 it is narrower than 1e-7. */
  const double golden = 0.6180339887498949;
  double low = log(1e-3), high = log(1e3);
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double loss_a = mean_loss(scores, labels, rows, classes, exp(a));
  double loss_b = mean_loss(scores, labels, rows, classes, exp(b));
  for (int step = 0; step < 40; step++) {
    if (loss_a <= loss_b) {
      high = b;
      b = a;
      loss_b = loss_a;
      a = high - golden * (high - low);
      loss_a = mean_loss(scores, labels, rows, classes, exp(a));
    } else {
      low = a;
      a = b;
      loss_a = loss_b;
      b = low + golden * (high - low);
      loss_b = mean_loss(scores, labels, rows, classes, exp(b));
    }
  }
  return exp((low + high) / 2);
}
