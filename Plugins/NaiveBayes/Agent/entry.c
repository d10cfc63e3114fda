/* The entry, and the life of an agent: open, prepare, run, release, close. */
#include "naive_bayes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"

cadre_error *nb_fail(const cadre_host *host, uint32_t code, const char *where, const char *format,
                     ...) {
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  const int size = vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  const size_t length = size < 0                        ? 0
                        : (size_t)size < sizeof message ? (size_t)size
                                                        : sizeof message - 1;
  return host->error(host, code, nb_str(message, length), nb_str(where, strlen(where)));
}

cadre_error *nb_no_memory(const cadre_host *host) {
  return nb_fail(host, CADRE_RESOURCE_EXHAUSTED, "",
                 "out of memory; fewer `features` need less of it");
}

static uint32_t offer_count(cadre_agent *self) {
  (void)self;
  return NB_OFFER_COUNT;
}

static const cadre_offer *offer(cadre_agent *self, uint32_t index) {
  (void)self;
  return index < NB_OFFER_COUNT ? nb_offers[index] : NULL;
}

static void release(cadre_agent *self, cadre_assignment *assignment) {
  (void)self;
  free(assignment);
}

static cadre_error *prepare(cadre_agent *self, const cadre_award *award, cadre_assignment **out) {
  nb_agent *agent = (nb_agent *)self;
  if (award->offer >= NB_OFFER_COUNT)
    return nb_fail(agent->host, CADRE_INVALID_ARGUMENT, "", "the award is for offer %u of %u",
                   award->offer, NB_OFFER_COUNT);
  cadre_assignment *assignment = calloc(1, sizeof *assignment);
  if (assignment == NULL) return nb_no_memory(agent->host);
  assignment->offer = award->offer;
  assignment->settings = nb_settings_initial;
  cadre_error *error =
      award->offer == NB_OFFER_TRAIN
          ? nb_settings_read(agent->host, award->settings, "settings", &assignment->settings)
          : nb_load(agent, award, assignment);
  if (error != NULL) {
    release(self, assignment);
    return error;
  }
  *out = assignment;
  return NULL;
}

static cadre_error *run(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                        uint32_t *out_state) {
  nb_agent *agent = (nb_agent *)self;
  *out_state = CADRE_FINISHED;
  return assignment->offer == NB_OFFER_TRAIN ? nb_train(agent, assignment, job)
                                             : nb_classify(agent, assignment, job);
}

static void close_agent(cadre_agent *self) { free(self); }

static cadre_error *open_agent(const cadre_module *self, const cadre_host *host, cadre_str config,
                               cadre_agent **out) {
  (void)self;
  (void)config;
  const cadre_data *data = host->extension(host, (cadre_str)NB_STR(CADRE_DATA_ID));
  const cadre_models *models = host->extension(host, (cadre_str)NB_STR(CADRE_MODEL_ID));
  if (data == NULL || models == NULL)
    return nb_fail(host, CADRE_UNIMPLEMENTED, "", "needs a host with %s and %s", CADRE_DATA_ID,
                   CADRE_MODEL_ID);
  nb_agent *agent = calloc(1, sizeof *agent);
  if (agent == NULL) return nb_no_memory(host);
  *agent = (nb_agent){
      .table =
          {
              .size = CADRE_END_cadre_agent_extension,
              .offer_count = offer_count,
              .offer = offer,
              .bid = nb_bid,
              .prepare = prepare,
              .run = run,
              .release = release,
              .close = close_agent,
          },
      .host = host,
      .data = data,
      .models = models,
  };
  *out = &agent->table;
  return NULL;
}

static const cadre_module module = {
    .size = CADRE_END_cadre_module_extension,
    .id = NB_STR("org.cadre.naive-bayes"),
    .version = NB_STR("0.1.0"),
    .about = NB_STR("Naive Bayes over hashed n-grams: trains in one pass, in C alone"),
    .open = open_agent,
};

CADRE_ENTRY(const cadre_boot *boot) {
  if (boot->magic == CADRE_BOOT_MAGIC && boot->major == CADRE_ABI_MAJOR &&
      boot->minor == CADRE_ABI_MINOR)
    return &module;
  char reason[96];
  const int size =
      snprintf(reason, sizeof reason, "built for Cadre's ABI %d.%d, the host has %u.%u",
               CADRE_ABI_MAJOR, CADRE_ABI_MINOR, boot->major, boot->minor);
  if (boot->refuse != NULL) boot->refuse(boot, nb_str(reason, size > 0 ? (size_t)size : 0));
  return NULL;
}
