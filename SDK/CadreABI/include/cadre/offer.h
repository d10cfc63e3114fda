/* cadre/offer.h: what an agent can do: a task, its ports, its settings, its limits. */
#ifndef CADRE_OFFER_H
#define CADRE_OFFER_H

#include "types.h"

CADRE_BEGIN

enum {
  CADRE_SETTING_LOG = 1,      /* searched on a logarithmic scale */
  CADRE_SETTING_TUNABLE = 2,  /* part of the agent's search space */
  CADRE_SETTING_REQUIRED = 4, /* no default */
  CADRE_SETTING_JSON = 8,     /* any JSON value; dtype says nothing */
  /* A path, or an object of paths: what is relative in a workflow file is resolved against that file's folder
   * before the agent sees it. */
  CADRE_SETTING_PATH = 16
};

/* One setting that `with:` in a workflow, or a tuner, may set. The host checks names, types and ranges
 * before the agent sees them. */
typedef struct cadre_setting {
  uint32_t size;
  /* CADRE_F64, CADRE_I64, CADRE_BOOL or CADRE_UTF8. */
  uint32_t dtype;
  uint32_t flags;
  uint32_t reserved;
  cadre_str name;
  cadre_str about;
  /* JSON text; empty with CADRE_SETTING_REQUIRED. */
  cadre_str initial;
  /* Inclusive range of a number; min > max: none. */
  double min;
  double max;
  /* The only values allowed, as JSON texts; none: any. */
  const cadre_str *choices;
  uint64_t choice_count;
} cadre_setting;

enum {
  CADRE_OFFER_STREAMING = 1,
  CADRE_OFFER_IDEMPOTENT = 2,    /* a job may be run again after a failure */
  CADRE_OFFER_DETERMINISTIC = 4, /* same inputs, settings and seed: same bits */
  CADRE_OFFER_NETWORK = 8        /* wants the network: may not be given "pii" */
};

/* One offer. borrow: from `open` until `close`. */
typedef struct cadre_offer {
  uint32_t size;
  uint32_t flags;
  /* "text.classify/1" */
  cadre_str task;
  cadre_str about;
  const cadre_port *const *inputs;
  uint64_t input_count;
  const cadre_port *const *outputs;
  uint64_t output_count;
  const cadre_setting *const *settings;
  uint64_t setting_count;
  /* Pairs that `needs:` may ask for: source = csv, search = random. Name and value alternate, so there are
   * 2 * attribute_count texts. */
  const cadre_str *attributes;
  uint64_t attribute_count;
  /* How many jobs of one assignment may be alive at once; 0 counts as 1. */
  uint32_t max_jobs;
  /* The least that the agent can work with. */
  uint32_t floor_threads;
  uint64_t floor_memory;
} cadre_offer;

CADRE_END

#endif
