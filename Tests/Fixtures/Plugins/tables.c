/* Tables that are cut short, or lack a function, and offers that a test makes. */
#include "shell.h"

static const cadre_port text = {
    .size = CADRE_END_cadre_port_device, .kind = CADRE_KIND_TEXT, .name = {"text", 4}};
static const cadre_port *const ports[] = {&text};
static const cadre_offer offer = {
    .size = CADRE_END_cadre_offer_output_count,
    .task = {"test.table/1", 12},
    .outputs = ports,
    .output_count = 1,
};

static cadre_error *run(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                        uint32_t *out_state) {
  (void)assignment;
  const cadre_host *host = *(const cadre_host **)self->data;
  cadre_value value = {
      .size = CADRE_END_cadre_value_text, .kind = CADRE_KIND_TEXT, .text = {"here", 4}};
  *out_state = CADRE_FINISHED;
  return host->jobs->output(host, job, STR("text"), &value);
}

static cadre_error *bid(cadre_agent *self, const cadre_call *call, cadre_bid *out) {
  (void)self;
  (void)call;
  out->verdict = CADRE_BID_YES;
  out->fixed_p50 = 5;
  return NULL;
}

static void cancel(cadre_agent *self, cadre_job job) {
  (void)self;
  (void)job;
}

static cadre_error *quiesce(cadre_agent *self, uint64_t deadline) {
  (void)self;
  return deadline > 0 ? NULL : shell_error(CADRE_INTERNAL, "no time");
}

static const void *extension(cadre_agent *self, cadre_str id) {
  (void)self;
  (void)id;
  return NULL;
}

static void close_table(cadre_agent *self) {
  atomic_fetch_add(&closed, 1);
  free(self->data);
  free(self);
}

/* What a table without `close` leaves behind, and modules, which live for ever: kept within reach. */
static void *kept_for_ever[1024];
static _Atomic int kept_count;

static void keep(void *block) { kept_for_ever[atomic_fetch_add(&kept_count, 1) % 1024] = block; }

static const struct {
  const char *name;
  size_t offset;
} functions[] = {
    {"\"offer_count\"", offsetof(cadre_agent, offer_count)},
    {"\"offer\"", offsetof(cadre_agent, offer)},
    {"\"bid\"", offsetof(cadre_agent, bid)},
    {"\"prepare\"", offsetof(cadre_agent, prepare)},
    {"\"run\"", offsetof(cadre_agent, run)},
    {"\"cancel\"", offsetof(cadre_agent, cancel)},
    {"\"release\"", offsetof(cadre_agent, release)},
    {"\"quiesce\"", offsetof(cadre_agent, quiesce)},
    {"\"extension\"", offsetof(cadre_agent, extension)},
};

static cadre_error *open(const cadre_module *self, const cadre_host *host, cadre_str config,
                         cadre_agent **out) {
  (void)self;
  char text_[256];
  shell_copy(text_, sizeof text_, config);
  shell_agent *full = shell_open(host, config, &offer, run);
  cadre_agent table = full->table;
  table.bid = bid;
  table.cancel = cancel;
  table.quiesce = quiesce;
  table.extension = extension;
  table.close = close_table;
  const char *size = strstr(text_, "\"size\":");
  if (size != NULL) table.size = (uint32_t)atoi(size + 7);
  if (strstr(text_, "\"without\"") != NULL)
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
      if (strstr(text_, functions[i].name) != NULL)
        memset((char *)&table + functions[i].offset, 0, sizeof(void *));
  /* In a block of just its size, so that reading beyond it is seen; `data` keeps the rest. */
  struct { const cadre_host *host; const cadre_offer *offer; } *kept = malloc(sizeof *kept);
  kept->host = host;
  kept->offer = &offer;
  free(full);
  cadre_agent *agent = malloc(table.size > 0 ? table.size : 1);
  table.data = kept;
  memcpy(agent, &table, table.size);
  if (table.size < CADRE_END_cadre_agent_close) {
    keep(agent);
    keep(kept);
  }
  *out = agent;
  return NULL;
}

/* `offer` of the skeleton reads a shell_agent, so this table brings its own. */
static const cadre_offer *own_offer(cadre_agent *self, uint32_t index) {
  (void)self;
  return index == 0 ? &offer : NULL;
}

static cadre_error *open_own(const cadre_module *self, const cadre_host *host, cadre_str config,
                             cadre_agent **out) {
  TRY(open(self, host, config, out));
  if ((*out)->size >= CADRE_END_cadre_agent_offer && (*out)->offer != NULL)
    (*out)->offer = own_offer;
  return NULL;
}

static const cadre_module module = {
    .size = CADRE_END_cadre_module_extension,
    .id = {"org.example.tables", 18},
    .version = {"1.0.0", 5},
    .open = open_own,
};

const cadre_module *fixture_tables(void) { return &module; }

const cadre_module *fixture_truncated_module(uint32_t size) {
  cadre_module *cut = malloc(size > 0 ? size : 1);
  cadre_module whole = module;
  whole.size = size;
  memcpy(cut, &whole, size);
  keep(cut);
  return cut;
}

/* One function for many modules: the offer stands in the module's data. */
static cadre_error *open_offering(const cadre_module *self, const cadre_host *host,
                                  cadre_str config, cadre_agent **out) {
  *out = &shell_open(host, config, self->data, run)->table;
  return NULL;
}

static const cadre_module offering = {
    .size = CADRE_END_cadre_module_extension,
    .id = {"org.example.offering", 20},
    .version = {"1.0.0", 5},
    .open = open_offering,
};

const cadre_module *fixture_offering(const cadre_offer *what) {
  cadre_module *made = malloc(sizeof *made);
  *made = offering;
  made->data = (void *)what;
  keep(made);
  return made;
}
