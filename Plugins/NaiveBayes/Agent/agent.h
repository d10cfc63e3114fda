/* agent.h: what the files of this agent share. */
#ifndef NB_AGENT_H
#define NB_AGENT_H

#include <cadre/cadre.h>

#include "nb_columns.h"
#include "nb_fit.h"
#include "nb_json.h"
#include "nb_text.h"

#define NB_FORMAT "org.cadre.naive-bayes/1"
#define NB_STR(literal) {.data = (literal), .size = sizeof(literal) - 1}

enum { NB_OFFER_TRAIN = 0, NB_OFFER_CLASSIFY = 1, NB_OFFER_COUNT = 2 };

typedef struct nb_settings {
  nb_recipe recipe;
  double alpha;
  int complement;
} nb_settings;

/* What `open` makes. The ABI's table stands first, so that its address is the agent's. */
typedef struct nb_agent {
  cadre_agent table;
  const cadre_host *host;
  const cadre_data *data;
  const cadre_models *models;
} nb_agent;

/* What `prepare` makes: the settings of a training, or a model that classifies. */
struct cadre_assignment {
  uint32_t offer;
  nb_settings settings;
  double temperature;
  nb_weights weights; /* borrowed from the bound model */
};

/* One value of text for a call. */
static inline cadre_str nb_str(const char *text, size_t size) {
  return (cadre_str){.data = text, .size = size};
}
static inline nb_span nb_span_of(cadre_str text) { return (nb_span){text.data, (size_t)text.size}; }

/* Makes an error from a printf format. `where` names a port or setting. take */
__attribute__((format(printf, 4, 5))) cadre_error *nb_fail(const cadre_host *host, uint32_t code,
                                                           const char *where, const char *format,
                                                           ...);
cadre_error *nb_no_memory(const cadre_host *host);

/* The offers' tables; constant. */
extern const cadre_offer *const nb_offers[NB_OFFER_COUNT];

/* Reads the settings that are in a JSON object over those in *out. Names that this agent does not
 * have are left alone: a tuner's settings may hold those of other members of a team. */
cadre_error *nb_settings_read(const cadre_host *host, cadre_str json, const char *where,
                              nb_settings *out);
extern const nb_settings nb_settings_initial;

cadre_error *nb_bid(cadre_agent *self, const cadre_call *call, cadre_bid *out);
cadre_error *nb_train(nb_agent *agent, const cadre_assignment *assignment, cadre_job job);
cadre_error *nb_load(nb_agent *agent, const cadre_award *award, cadre_assignment *out);
cadre_error *nb_classify(nb_agent *agent, const cadre_assignment *assignment, cadre_job job);

#endif
