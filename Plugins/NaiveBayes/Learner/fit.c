#include "nb_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the counting of one class needs beside the request. */
typedef struct fit_state {
  const nb_fit_request *request;
  const float *values; /* the rows' values, transformed for the complement */
  uint64_t *order;     /* the rows' numbers, by class */
  uint64_t *starts;    /* [classes + 1] into `order` */
  double *totals;      /* [features], all classes */
  double *counts;      /* [features], one class */
} fit_state;

/* Sorts the rows by class, in their order: counting one class then touches its own rows only. */
static void sort_rows(fit_state *state) {
  const nb_fit_request *request = state->request;
  for (uint64_t row = 0; row < request->rows->count; row++)
    state->starts[request->labels[row] + 1]++;
  for (uint32_t c = 0; c < request->classes; c++) state->starts[c + 1] += state->starts[c];
  for (uint64_t row = 0; row < request->rows->count; row++)
    state->order[state->starts[request->labels[row]]++] = row;
  for (uint32_t c = request->classes; c > 0; c--) state->starts[c] = state->starts[c - 1];
  state->starts[0] = 0;
}

static void add_row(const fit_state *state, uint64_t row, double *sums) {
  const nb_rows *rows = state->request->rows;
  for (uint64_t e = rows->offsets[row]; e < rows->offsets[row + 1]; e++)
    sums[rows->indices[e]] += (double)state->values[e];
}

static void count_class(const fit_state *state, uint32_t c) {
  memset(state->counts, 0, state->request->rows->recipe.features * sizeof *state->counts);
  for (uint64_t i = state->starts[c]; i < state->starts[c + 1]; i++)
    add_row(state, state->order[i], state->counts);
}

/* Steps 1 to 3 of the paper: log(1 + count), times log(rows / rows with the feature), to length 1.
 */
static float *transformed(const nb_rows *rows) {
  double *frequency = calloc(rows->recipe.features, sizeof *frequency);
  float *values = malloc((rows->entries + 1) * sizeof *values);
  if (frequency == NULL || values == NULL) {
    free(frequency);
    free(values);
    return NULL;
  }
  for (uint64_t e = 0; e < rows->entries; e++) frequency[rows->indices[e]] += 1;
  for (uint64_t row = 0; row < rows->count; row++) {
    double squares = 0;
    for (uint64_t e = rows->offsets[row]; e < rows->offsets[row + 1]; e++) {
      const double idf = log((double)rows->count / frequency[rows->indices[e]]);
      values[e] = (float)(log1p((double)rows->values[e]) * idf);
      squares += (double)values[e] * (double)values[e];
    }
    const double scale = squares > 0 ? 1 / sqrt(squares) : 0;
    for (uint64_t e = rows->offsets[row]; e < rows->offsets[row + 1]; e++)
      values[e] = (float)((double)values[e] * scale);
  }
  free(frequency);
  return values;
}

static void fit_multinomial(const fit_state *state, float *weights) {
  const uint32_t features = state->request->rows->recipe.features;
  const double alpha = state->request->alpha;
  double sum = 0;
  for (uint32_t f = 0; f < features; f++) sum += state->counts[f];
  const double logarithm = log(sum + alpha * features);
  for (uint32_t f = 0; f < features; f++)
    weights[f] = (float)(log(state->counts[f] + alpha) - logarithm);
}

/* Steps 4 to 6, the sign turned so that the highest score wins. Returns the absolute sum. */
static double fit_complement(const fit_state *state, float *weights) {
  const uint32_t features = state->request->rows->recipe.features;
  const double alpha = state->request->alpha;
  double others = 0, absolute = 0;
  for (uint32_t f = 0; f < features; f++) others += state->totals[f] - state->counts[f];
  const double logarithm = log(others + alpha * features);
  for (uint32_t f = 0; f < features; f++) {
    /* A difference of equal sums may come out a hair below zero. */
    const double rest = fmax(0, state->totals[f] - state->counts[f]);
    const double weight = logarithm - log(rest + alpha);
    weights[f] = (float)weight;
    absolute += fabs(weight);
  }
  return absolute;
}

static int fit_classes(const fit_state *state, nb_weights *out) {
  const nb_fit_request *request = state->request;
  double *sums = calloc(request->classes, sizeof *sums);
  if (sums == NULL) return NB_FIT_MEMORY;
  double mean = 0;
  for (uint32_t c = 0; c < request->classes; c++) {
    if (request->stop != NULL && request->stop(request->data)) {
      free(sums);
      return NB_FIT_STOPPED;
    }
    count_class(state, c);
    float *weights = out->weights + (size_t)c * out->features;
    const double count = (double)(state->starts[c + 1] - state->starts[c]);
    if (request->complement) {
      sums[c] = fit_complement(state, weights);
      mean += sums[c] / request->classes;
    } else {
      fit_multinomial(state, weights);
      out->priors[c] = (float)log(fmax(count, 0.5) / (double)request->rows->count);
    }
  }
  for (uint32_t c = 0; request->complement && c < request->classes; c++) {
    float *weights = out->weights + (size_t)c * out->features;
    for (uint32_t f = 0; f < out->features; f++)
      weights[f] = (float)((double)weights[f] * (mean / sums[c]));
  }
  free(sums);
  return NB_FIT_DONE;
}

int nb_fit(const nb_fit_request *request, nb_weights *out) {
  const nb_rows *rows = request->rows;
  const uint32_t features = rows->recipe.features, classes = request->classes;
  float *owned = request->complement ? transformed(rows) : NULL;
  *out = (nb_weights){
      .classes = classes,
      .features = features,
      .weights = calloc((size_t)classes * features, sizeof(float)),
      .priors = calloc(classes, sizeof(float)),
  };
  fit_state state = {
      .request = request,
      .values = request->complement ? owned : rows->values,
      .order = malloc((rows->count + 1) * sizeof(uint64_t)),
      .starts = calloc((size_t)classes + 1, sizeof(uint64_t)),
      .totals = calloc(features, sizeof(double)),
      .counts = malloc(features * sizeof(double)),
  };
  int result = NB_FIT_MEMORY;
  if (out->weights != NULL && out->priors != NULL && state.order != NULL && state.starts != NULL &&
      state.totals != NULL && state.counts != NULL && (owned != NULL || !request->complement)) {
    sort_rows(&state);
    for (uint64_t row = 0; row < rows->count; row++) add_row(&state, row, state.totals);
    result = fit_classes(&state, out);
  }
  free(owned);
  free(state.order);
  free(state.starts);
  free(state.totals);
  free(state.counts);
  return result;
}

void nb_weights_free(nb_weights *weights) {
  free(weights->weights);
  free(weights->priors);
  memset(weights, 0, sizeof *weights);
}
