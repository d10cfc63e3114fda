/* nb_fit.h: naive Bayes over sparse rows, as weights that are added up.
 *
 * Multinomial naive Bayes with Lidstone smoothing, or complement naive Bayes with the transforms of
 * Rennie, Shih, Teevan, Karger: "Tackling the Poor Assumptions of Naive Bayes Text Classifiers"
 * (ICML 2003), table 4. */
#ifndef NB_FIT_H
#define NB_FIT_H

#include "nb_rows.h"

/* What has been learned: score[c] = priors[c] + sum over a row of value · weights[c][index]. */
typedef struct nb_weights {
  uint32_t classes;
  uint32_t features;
  float *weights; /* [classes, features], row-major */
  float *priors;  /* [classes] */
} nb_weights;

typedef struct nb_fit_request {
  const nb_rows *rows;
  const uint32_t *labels; /* one a row, below `classes` */
  uint32_t classes;
  double alpha; /* > 0: added to every count */
  int complement;
  /* Asked between classes; true ends the fit. May be NULL. */
  int (*stop)(void *data);
  void *data;
} nb_fit_request;

enum { NB_FIT_DONE = 0, NB_FIT_STOPPED = 1, NB_FIT_MEMORY = 2 };

/* Learns into *out, which `nb_weights_free` frees, also after a failure.
 * Multinomial: weights are log P(feature | class). Complement: minus the logarithm of the feature's
 * share in all other classes, each class scaled to one absolute sum (the mean of all, so that
 * scores keep their size); no priors. A class without rows gets the prior of half a row, so that it
 * stays finite. O(entries + classes · features). */
int nb_fit(const nb_fit_request *request, nb_weights *out);

/* The scores of row `row`, [classes], in nats. */
void nb_score(const nb_weights *weights, const nb_rows *rows, uint64_t row, double *scores);

/* The number of counted n-grams of a row, what its scores grow with. */
double nb_length(const nb_rows *rows, uint64_t row);

/* logp = log softmax(scores / temperature), [classes]. In place is allowed. */
void nb_log_softmax(const double *scores, uint32_t classes, double temperature, double *logp);

/* The temperature with the lowest mean negative log-likelihood of `labels` under scores [rows,
 * classes], in 1e-3 ... 1e3. The likelihood is convex in 1 / temperature, so golden sections find
 * the one minimum. Guo et al.: "On Calibration of Modern Neural Networks" (2017), section 4.2. 1
 * without rows. */
double nb_fit_temperature(const double *scores, const uint32_t *labels, uint64_t rows,
                          uint32_t classes);

void nb_weights_free(nb_weights *weights);

#endif
