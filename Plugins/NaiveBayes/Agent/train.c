/* A training job: reads the rows, learns, fits the temperature, hands over the model. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "labelled_rows.h"

/* Everything that one job owns; freed in one place. */
typedef struct training {
  nb_agent *agent;
  cadre_job job;
  nb_settings settings;
  cadre_dataset_info info;
  nb_labelled labelled;
  nb_weights weights;
  double temperature;
} training;

static int stopped(void *data) {
  const training *own = data;
  return (int)own->agent->host->jobs->stop(own->agent->host, own->job);
}

static void progress(const training *own, double fraction, const char *note) {
  own->agent->host->jobs->progress(own->agent->host, own->job, fraction,
                                   nb_str(note, strlen(note)));
}

/* Naive Bayes needs something to tell apart. */
static cadre_error *check_classes(const training *own) {
  const cadre_host *host = own->agent->host;
  const nb_labelled *labelled = &own->labelled;
  if (labelled->rows.count == 0)
    return nb_fail(host, CADRE_FAILED_PRECONDITION, "data",
                   "the data has no rows with a text and a label");
  for (uint64_t row = 1; row < labelled->rows.count; row++)
    if (labelled->labels[row] != labelled->labels[0]) return NULL;
  const cadre_str only = own->info.classes[labelled->labels[0]];
  return nb_fail(host, CADRE_FAILED_PRECONDITION, "data",
                 "needs at least 2 classes, the data has 1: %.*s",
                 (int)(only.size < 80 ? only.size : 80), only.data);
}

/* Learns from the rows at hand. */
static cadre_error *fit(training *own) {
  const nb_fit_request request = {.rows = &own->labelled.rows,
                                  .labels = own->labelled.labels,
                                  .classes = (uint32_t)own->info.class_count,
                                  .alpha = own->settings.alpha,
                                  .complement = own->settings.complement,
                                  .stop = stopped,
                                  .data = own};
  nb_weights_free(&own->weights);
  switch (nb_fit(&request, &own->weights)) {
    case NB_FIT_MEMORY: return nb_no_memory(own->agent->host);
    case NB_FIT_STOPPED:
      return nb_fail(own->agent->host, CADRE_CANCELLED, "", "the training was told to stop");
    default: return NULL;
  }
}

/* Fits the temperature on the rows at hand, from which the weights have not been learned. */
static cadre_error *calibrate(training *own) {
  const uint32_t classes = own->weights.classes;
  const nb_rows *rows = &own->labelled.rows;
  double *scores = malloc((rows->count * classes + 1) * sizeof *scores);
  if (scores == NULL) return nb_no_memory(own->agent->host);
  for (uint64_t row = 0; row < rows->count; row++)
    nb_score(&own->weights, rows, row, scores + row * classes);
  own->temperature = nb_fit_temperature(scores, own->labelled.labels, rows->count, classes);
  free(scores);
  return NULL;
}

static void write_metadata(const training *own, uint64_t rows, nb_text *out) {
  nb_text_format(out, "{\"labels\":[");
  for (uint64_t c = 0; c < own->info.class_count; c++) {
    if (c > 0) nb_text_bytes(out, ",", 1);
    nb_text_json_string(out, own->info.classes[c].data, own->info.classes[c].size);
  }
  const nb_recipe *recipe = &own->settings.recipe;
  nb_text_format(out, "],\"features\":%u,\"ngrams\":%u,\"characters\":%u", recipe->features,
                 recipe->words, recipe->characters);
  nb_text_format(out, ",\"complement\":%s,\"rows\":%" PRIu64,
                 own->settings.complement ? "true" : "false", rows);
  nb_text_format(out, ",\"alpha\":");
  nb_text_json_number(out, own->settings.alpha);
  nb_text_format(out, ",\"temperature\":");
  nb_text_json_number(out, own->temperature);
  nb_text_bytes(out, "}", 1);
}

static cadre_error *add_tensor(const training *own, cadre_model_builder *builder, cadre_str name,
                               float *data, int64_t *shape, int32_t rank) {
  const DLTensor tensor = {.data = data,
                           .device = {kDLCPU, 0},
                           .ndim = rank,
                           .dtype = {.code = kDLFloat, .bits = 32, .lanes = 1},
                           .shape = shape};
  return own->agent->models->add(own->agent->host, builder, name, &tensor);
}

static cadre_error *hand_over(const training *own, uint64_t rows) {
  const cadre_host *host = own->agent->host;
  const cadre_models *models = own->agent->models;
  nb_text metadata = {0};
  write_metadata(own, rows, &metadata);
  const cadre_model_spec spec = {.size = CADRE_END_cadre_model_spec_metadata,
                                 .task = NB_STR("text.classify/1"),
                                 .format = NB_STR(NB_FORMAT),
                                 .metadata = nb_str(metadata.data, metadata.size)};
  cadre_model_builder *builder = NULL;
  cadre_error *error = metadata.failed ? nb_no_memory(host) : models->begin(host, &spec, &builder);
  nb_text_free(&metadata);
  if (error != NULL) return error;
  int64_t shape[] = {own->weights.classes, own->weights.features};
  error = add_tensor(own, builder, (cadre_str)NB_STR("weights"), own->weights.weights, shape, 2);
  if (error == NULL)
    error = add_tensor(own, builder, (cadre_str)NB_STR("priors"), own->weights.priors, shape, 1);
  if (error != NULL) {
    models->discard(host, builder);
    return error;
  }
  cadre_value value = {.size = CADRE_END_cadre_value_member_count, .kind = CADRE_KIND_MODEL};
  error = models->finish(host, builder, &value.model);
  return error != NULL ? error
                       : host->jobs->output(host, own->job, (cadre_str)NB_STR("model"), &value);
}

/* The value on an optional port; *present says whether anything is on it. */
static cadre_error *optional(const training *own, cadre_str port, cadre_value *out, int *present) {
  const cadre_host *host = own->agent->host;
  *out = (cadre_value){.size = CADRE_END_cadre_value_member_count};
  cadre_error *error = host->jobs->input(host, own->job, port, out);
  *present = error == NULL;
  if (error == NULL || error->code(error) != CADRE_NOT_FOUND) return error;
  error->release(error);
  return NULL;
}

/* Reads rows and learns from them, or fits the temperature on them. */
static cadre_error *pass(training *own, const cadre_dataset *dataset, const char *port,
                         nb_share share, cadre_error *(*use)(training *own)) {
  const nb_reading reading = {
      .agent = own->agent, .job = own->job, .classes = &own->info, .port = port, .share = share};
  cadre_error *error = nb_labelled_read(&reading, dataset, &own->labelled);
  if (error == NULL && use == fit && share == NB_ALL_ROWS) error = check_classes(own);
  return error == NULL ? use(own) : error;
}

/* Scores of naive Bayes are far too sure of themselves, so a temperature is fitted in any case: on
 * `val`, else on a tenth of the rows after learning from the rest. Too few rows to spare a tenth
 * keep the temperature 1. */
static cadre_error *learn(training *own, const cadre_dataset *data, const cadre_dataset *val,
                          uint64_t *rows) {
  cadre_error *error = NULL;
  if (val == NULL && own->info.rows >= 100) {
    progress(own, 0.1, "learning from nine tenths, to calibrate on the last");
    error = pass(own, data, "data", NB_NINE_TENTHS, fit);
    if (error == NULL) error = pass(own, data, "data", NB_LAST_TENTH, calibrate);
    if (error != NULL) return error;
  }
  progress(own, 0.4, "counting n-grams");
  error = pass(own, data, "data", NB_ALL_ROWS, fit);
  *rows = own->labelled.rows.count;
  if (error != NULL || val == NULL) return error;
  progress(own, 0.8, "calibrating");
  return pass(own, val, "val", NB_ALL_ROWS, calibrate);
}

static cadre_error *train(training *own) {
  const cadre_host *host = own->agent->host;
  cadre_value data = {.size = CADRE_END_cadre_value_member_count}, tuned, val;
  int has_tuned = 0, has_val = 0;
  cadre_error *error = optional(own, (cadre_str)NB_STR("settings"), &tuned, &has_tuned);
  if (error == NULL && has_tuned)
    error = nb_settings_read(host, tuned.text, "settings", &own->settings);
  if (error == NULL) error = host->jobs->input(host, own->job, (cadre_str)NB_STR("data"), &data);
  own->info.size = CADRE_END_cadre_dataset_info_class_count;
  if (error == NULL) error = own->agent->data->info(host, data.dataset, &own->info);
  if (error == NULL) error = optional(own, (cadre_str)NB_STR("val"), &val, &has_val);
  if (error != NULL) return error;
  if (!nb_rows_init(&own->labelled.rows, own->settings.recipe)) return nb_no_memory(host);
  uint64_t rows = 0;
  error = learn(own, data.dataset, has_val ? val.dataset : NULL, &rows);
  if (error == NULL) error = hand_over(own, rows);
  if (error == NULL) progress(own, 1, "trained");
  return error;
}

cadre_error *nb_train(nb_agent *agent, const cadre_assignment *assignment, cadre_job job) {
  training own = {.agent = agent, .job = job, .settings = assignment->settings, .temperature = 1};
  cadre_error *error = train(&own);
  nb_labelled_free(&own.labelled);
  nb_weights_free(&own.weights);
  return error;
}
