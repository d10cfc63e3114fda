#include "labelled_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static cadre_error *add_label(const nb_reading *reading, nb_labelled *out, uint32_t label) {
  if (out->rows.count > out->capacity) {
    const uint64_t capacity = out->capacity == 0 ? 1024 : out->capacity * 2;
    uint32_t *labels = realloc(out->labels, capacity * sizeof *labels);
    if (labels == NULL) return nb_no_memory(reading->agent->host);
    out->labels = labels;
    out->capacity = capacity;
  }
  out->labels[out->rows.count - 1] = label;
  return NULL;
}

static uint32_t class_of(const cadre_dataset_info *info, nb_span label) {
  for (uint32_t c = 0; c < info->class_count; c++)
    if (info->classes[c].size == label.size &&
        memcmp(info->classes[c].data, label.data, label.size) == 0)
      return c;
  return UINT32_MAX;
}

/* Every tenth row; files are often sorted by class, so that one end of them would hold few classes.
 */
static int is_wanted(nb_share share, uint64_t number) {
  return share == NB_ALL_ROWS || (number % 10 == 9) == (share == NB_LAST_TENTH);
}

static cadre_error *read_batch(const nb_reading *reading, const nb_columns *columns,
                               uint64_t *number, nb_labelled *out) {
  const cadre_host *host = reading->agent->host;
  for (int64_t row = 0; row < columns->rows; row++) {
    const nb_span text = nb_columns_value(columns, 0, row);
    const nb_span label = nb_columns_value(columns, 1, row);
    if (text.data == NULL || label.data == NULL) continue;
    const uint32_t class = class_of(reading->classes, label);
    if (class == UINT32_MAX)
      return nb_fail(host, CADRE_INVALID_ARGUMENT, reading->port,
                     "the label '%.*s' is none of the data's %" PRIu64 " classes",
                     (int)(label.size < 80 ? label.size : 80), label.data,
                     reading->classes->class_count);
    if (!is_wanted(reading->share, (*number)++)) continue;
    if (!nb_rows_append(&out->rows, text.data, text.size)) return nb_no_memory(host);
    cadre_error *error = add_label(reading, out, class);
    if (error != NULL) return error;
  }
  return NULL;
}

cadre_error *nb_labelled_read(const nb_reading *reading, const cadre_dataset *dataset,
                              nb_labelled *out) {
  const cadre_host *host = reading->agent->host;
  const char *names[] = {"text", "label"};
  const cadre_str columns[] = {NB_STR("text"), NB_STR("label")};
  const cadre_dataset_request request = {
      .size = CADRE_END_cadre_dataset_request_shard_count, .columns = columns, .column_count = 2};
  struct ArrowArrayStream stream = {0};
  cadre_error *error = reading->agent->data->open(host, dataset, &request, &stream);
  if (error != NULL) return error;
  nb_rows_clear(&out->rows);
  nb_columns reader;
  uint64_t number = 0;
  int next = nb_columns_open(&reader, &stream, names, 2) ? 1 : -1;
  while (error == NULL && next == 1 && (next = nb_columns_next(&reader)) == 1) {
    if (host->jobs->stop(host, reading->job))
      error = nb_fail(host, CADRE_CANCELLED, "", "the training was told to stop");
    else
      error = read_batch(reading, &reader, &number, out);
  }
  if (error == NULL && next < 0)
    error = nb_fail(host, CADRE_INVALID_ARGUMENT, reading->port, "%s", reader.message);
  nb_columns_close(&reader);
  return error;
}

void nb_labelled_free(nb_labelled *labelled) {
  nb_rows_free(&labelled->rows);
  free(labelled->labels);
  labelled->labels = NULL;
}
