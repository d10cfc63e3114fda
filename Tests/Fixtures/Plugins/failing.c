/* Fails where its config says, with an error object of its own. */
#include "shell.h"

static const cadre_offer offer = {
    .size = CADRE_END_cadre_offer_output_count,
    .task = {"test.fail/1", 11},
};

static int fails(cadre_agent *self, const char *where) {
  return strstr(((shell_agent *)self)->config, where) != NULL;
}

static cadre_error *run(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                        uint32_t *out_state) {
  (void)assignment;
  (void)job;
  *out_state = CADRE_FINISHED;
  if (fails(self, "\"state\"")) *out_state = 7;
  return fails(self, "\"run\"") ? shell_error(CADRE_RESOURCE_EXHAUSTED, "nothing was written")
                                : NULL;
}

static cadre_error *bid(cadre_agent *self, const cadre_call *call, cadre_bid *out) {
  (void)call;
  out->verdict = fails(self, "\"verdict\"") ? 9 : CADRE_BID_YES;
  return fails(self, "\"bid\"") ? shell_error(CADRE_UNAVAILABLE, "ask again") : NULL;
}

static cadre_error *prepare(cadre_agent *self, const cadre_award *award, cadre_assignment **out) {
  (void)award;
  *out = NULL;
  return fails(self, "\"prepare\"") ? shell_error(CADRE_FAILED_PRECONDITION, "no weights") : NULL;
}

static void release(cadre_agent *self, cadre_assignment *assignment) {
  (void)self;
  (void)assignment;
}

static cadre_error *open(const cadre_module *self, const cadre_host *host, cadre_str config,
                         cadre_agent **out) {
  (void)self;
  char text[256];
  shell_copy(text, sizeof text, config);
  if (strstr(text, "\"open\"") != NULL) return shell_error(CADRE_NOT_FOUND, "no such file");
  if (strstr(text, "\"nothing\"") != NULL) return NULL;
  shell_agent *agent = shell_open(host, config, &offer, run);
  agent->table.bid = bid;
  agent->table.prepare = prepare;
  agent->table.release = release;
  *out = &agent->table;
  return NULL;
}

static const cadre_module module = {
    .size = CADRE_END_cadre_module_extension,
    .id = {"org.example.failing", 19},
    .version = {"1.0.0", 5},
    .open = open,
};

const cadre_module *fixture_failing(void) { return &module; }
