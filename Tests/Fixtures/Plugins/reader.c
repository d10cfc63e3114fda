/* Reads a dataset through cadre.data/1. Its port declares the column `text` and no other. */
#include <stdio.h>

#include "shell.h"

static const cadre_column text = {
    .size = CADRE_END_cadre_column_flags, .dtype = CADRE_UTF8, .name = {"text", 4}};
static const cadre_column *const columns[] = {&text};
static const cadre_port data = {.size = CADRE_END_cadre_port_device,
                                .kind = CADRE_KIND_DATASET,
                                .name = {"data", 4},
                                .columns = columns,
                                .column_count = 1};
static const cadre_port rows = {.size = CADRE_END_cadre_port_device,
                                .kind = CADRE_KIND_TABLE,
                                .flags = CADRE_PORT_OPTIONAL,
                                .name = {"rows", 4},
                                .columns = columns,
                                .column_count = 1};
static const cadre_port report = {.size = CADRE_END_cadre_port_device,
                                  .kind = CADRE_KIND_JSON,
                                  .flags = CADRE_PORT_OPTIONAL,
                                  .name = {"report", 6}};
static const cadre_port *const inputs[] = {&data};
static const cadre_port *const outputs[] = {&rows, &report};
static const cadre_offer offer = {
    .size = CADRE_END_cadre_offer_floor_memory,
    .task = {"test.read/1", 11},
    .inputs = inputs,
    .input_count = 1,
    .outputs = outputs,
    .output_count = 2,
    .settings = shell_mode_settings,
    .setting_count = 1,
};

static const cadre_dataset *last;

static cadre_error *run(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                        uint32_t *out_state) {
  const cadre_host *host = ((shell_agent *)self)->host;
  const cadre_data *table = host->extension(host, STR(CADRE_DATA_ID));
  if (table == NULL) return shell_error(CADRE_UNIMPLEMENTED, "no cadre.data/1");
  if (host->extension(host, STR("cadre.nothing/1")) != NULL)
    return shell_error(CADRE_INTERNAL, "an extension that nobody has");
  struct ArrowArrayStream stream;
  memset(&stream, 0, sizeof stream);
  if (shell_mode(assignment, "stale")) {
    TRY(table->open(host, last, NULL, &stream));
    return shell_error(CADRE_INTERNAL, "the dataset of a job that has ended was opened");
  }
  cadre_value value;
  TRY(shell_input(host, job, STR("data"), &value));
  last = value.dataset;
  *out_state = CADRE_FINISHED;

  cadre_dataset_info info = {.size = CADRE_END_cadre_dataset_info_class_count};
  TRY(table->info(host, value.dataset, &info));
  char json[256];
  snprintf(json, sizeof json, "{\"rows\":%lld,\"classes\":%llu}", (long long)info.rows,
           (unsigned long long)info.class_count);
  cadre_value out = {.size = CADRE_END_cadre_value_text,
                     .kind = CADRE_KIND_JSON,
                     .text = {json, strlen(json)}};
  TRY(host->jobs->output(host, job, STR("report"), &out));

  cadre_str forbidden[] = {{"text", 4}, {"label", 5}};
  cadre_dataset_request request = {.size = CADRE_END_cadre_dataset_request_shard_count};
  if (shell_mode(assignment, "forbidden")) {
    request.columns = forbidden;
    request.column_count = 2;
  }
  if (shell_mode(assignment, "shards")) {
    request.batch = 2;
    request.shuffle = 1;
    request.seed = 7;
    request.epoch = 1;
    request.shard = 1;
    request.shard_count = 2;
  }
  TRY(table->open(host, value.dataset, &request, &stream));
  cadre_value given = {
      .size = CADRE_END_cadre_value_table, .kind = CADRE_KIND_TABLE, .table = &stream};
  return host->jobs->output(host, job, STR("rows"), &given);
}

static cadre_error *open(const cadre_module *self, const cadre_host *host, cadre_str config,
                         cadre_agent **out) {
  (void)self;
  *out = &shell_open(host, config, &offer, run)->table;
  return NULL;
}

static const cadre_module module = {
    .size = CADRE_END_cadre_module_extension,
    .id = {"org.example.reader", 18},
    .version = {"1.0.0", 5},
    .open = open,
};

const cadre_module *fixture_reader(void) { return &module; }
