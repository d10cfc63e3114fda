/* Classifying: loads the bound model at the award, scores rows at each job. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"

static int is_row_major(const DLTensor *tensor) {
  int64_t expected = 1;
  for (int32_t axis = tensor->ndim; tensor->strides != NULL && axis-- > 0;) {
    if (tensor->strides[axis] != expected) return 0;
    expected *= tensor->shape[axis];
  }
  return 1;
}

static int is_f32(const DLTensor *tensor, int32_t rank) {
  return tensor->ndim == rank && tensor->dtype.code == kDLFloat && tensor->dtype.bits == 32 &&
         tensor->dtype.lanes == 1 && tensor->data != NULL && is_row_major(tensor);
}

static float *floats(const DLTensor *tensor) {
  return (float *)(void *)((char *)tensor->data + tensor->byte_offset);
}

cadre_error *nb_load(nb_agent *agent, const cadre_award *award, cadre_assignment *out) {
  const cadre_host *host = agent->host;
  cadre_value value = {.size = CADRE_END_cadre_value_member_count};
  cadre_error *error = award->input(award, (cadre_str)NB_STR("model"), &value);
  if (error != NULL) return error;
  cadre_model_info info = {.size = CADRE_END_cadre_model_info_tensor_count};
  error = agent->models->info(host, value.model, &info);
  if (error != NULL) return error;
  if (info.format.size != strlen(NB_FORMAT) ||
      memcmp(info.format.data, NB_FORMAT, strlen(NB_FORMAT)) != 0)
    return nb_fail(host, CADRE_INVALID_ARGUMENT, "model",
                   "the model's format is %.*s, not " NB_FORMAT,
                   (int)(info.format.size < 80 ? info.format.size : 80), info.format.data);
  error = nb_settings_read(host, info.metadata, "model", &out->settings);
  if (error != NULL) return error;
  const nb_span temperature = nb_json_member(nb_span_of(info.metadata), "temperature");
  if (!nb_json_number(temperature, &out->temperature) || !(out->temperature > 0) ||
      !isfinite(out->temperature))
    return nb_fail(host, CADRE_INVALID_ARGUMENT, "model",
                   "the model's metadata has no `temperature` above 0");
  const DLTensor *weights = NULL, *priors = NULL;
  error = agent->models->find(host, value.model, (cadre_str)NB_STR("weights"), &weights);
  if (error == NULL)
    error = agent->models->find(host, value.model, (cadre_str)NB_STR("priors"), &priors);
  if (error != NULL) return error;
  if (!is_f32(weights, 2) || !is_f32(priors, 1) || weights->shape[0] != priors->shape[0] ||
      priors->shape[0] < 1 || priors->shape[0] > UINT32_MAX ||
      weights->shape[1] != (int64_t)out->settings.recipe.features)
    return nb_fail(host, CADRE_INVALID_ARGUMENT, "model",
                   "the model's tensors are not f32 `weights` [classes, %u] and `priors` [classes]",
                   out->settings.recipe.features);
  out->weights = (nb_weights){.classes = (uint32_t)priors->shape[0],
                              .features = out->settings.recipe.features,
                              .weights = floats(weights),
                              .priors = floats(priors)};
  return NULL;
}

/* Reads all texts of a table; a missing one counts as empty, so that no row is lost. */
static cadre_error *read_rows(nb_agent *agent, cadre_job job, struct ArrowArrayStream *stream,
                              nb_rows *rows) {
  const cadre_host *host = agent->host;
  const char *names[] = {"text"};
  nb_columns reader;
  cadre_error *error = NULL;
  int next = nb_columns_open(&reader, stream, names, 1) ? 1 : -1;
  while (error == NULL && next == 1 && (next = nb_columns_next(&reader)) == 1) {
    if (host->jobs->stop(host, job))
      error = nb_fail(host, CADRE_CANCELLED, "", "the job was told to stop");
    for (int64_t row = 0; error == NULL && row < reader.rows; row++) {
      const nb_span text = nb_columns_value(&reader, 0, row);
      if (!nb_rows_append(rows, text.data == NULL ? "" : text.data, text.size))
        error = nb_no_memory(host);
    }
  }
  if (error == NULL && next < 0)
    error = nb_fail(host, CADRE_INVALID_ARGUMENT, "rows", "%s", reader.message);
  nb_columns_close(&reader);
  return error;
}

static cadre_error *allocate(const cadre_host *host, cadre_job job, cadre_str port,
                             const int64_t *shape, float **out) {
  const cadre_tensor_request request = {
      .size = CADRE_END_cadre_tensor_request_rank, .dtype = CADRE_F32, .shape = shape, .rank = 2};
  void *data = NULL;
  cadre_error *error = host->jobs->allocate(host, job, port, &request, &data);
  *out = data;
  return error;
}

static cadre_error *score_rows(const cadre_host *host, const cadre_assignment *own, cadre_job job,
                               const nb_rows *rows) {
  const uint32_t classes = own->weights.classes;
  const int64_t shape[] = {(int64_t)rows->count, classes};
  float *logp = NULL, *z = NULL;
  cadre_error *error = allocate(host, job, (cadre_str)NB_STR("logp"), shape, &logp);
  if (error == NULL) error = allocate(host, job, (cadre_str)NB_STR("z"), shape, &z);
  if (error != NULL) return error;
  double *scores = malloc(classes * sizeof *scores);
  if (scores == NULL) return nb_no_memory(host);
  for (uint64_t row = 0; error == NULL && row < rows->count; row++) {
    nb_score(&own->weights, rows, row, scores);
    const double length = fmax(1, nb_length(rows, row));
    for (uint32_t c = 0; c < classes; c++) *z++ = (float)(scores[c] / length);
    nb_log_softmax(scores, classes, own->temperature, scores);
    for (uint32_t c = 0; c < classes; c++) *logp++ = (float)scores[c];
    if (row % 256 == 255 && host->jobs->stop(host, job))
      error = nb_fail(host, CADRE_CANCELLED, "", "the job was told to stop");
  }
  free(scores);
  return error;
}

cadre_error *nb_classify(nb_agent *agent, const cadre_assignment *own, cadre_job job) {
  const cadre_host *host = agent->host;
  cadre_value value = {.size = CADRE_END_cadre_value_member_count};
  cadre_error *error = host->jobs->input(host, job, (cadre_str)NB_STR("rows"), &value);
  if (error != NULL) return error;
  nb_rows rows;
  if (!nb_rows_init(&rows, own->settings.recipe)) return nb_no_memory(host);
  error = read_rows(agent, job, value.table, &rows);
  if (error == NULL) error = score_rows(host, own, job, &rows);
  nb_rows_free(&rows);
  return error;
}
