/* cadre/agent.h: the module of an image, and the agent that it opens. */
#ifndef CADRE_AGENT_H
#define CADRE_AGENT_H

#include "bid.h"
#include "boot.h"
#include "offer.h"
#include "value.h"

CADRE_BEGIN

/* An award: what an agent is to do from now on. borrow: until `prepare` returns, except what `input` gives. */
typedef struct cadre_award cadre_award;
struct cadre_award {
  uint32_t size;
  /* Which of the agent's offers was accepted. */
  uint32_t offer;
  uint64_t id;
  cadre_str task;
  /* The part in a team; empty outside of one. */
  cadre_str role;
  uint32_t team_size;
  /* 0-based place in the team. */
  uint32_t member;
  /* A JSON object: checked, completed with the offer's defaults. */
  cadre_str settings;
  uint64_t seed;
  /* Budgets: bytes (0: none), threads. */
  uint64_t memory;
  uint32_t threads;
  uint32_t reserved;
  /* The host's own data. */
  void *data;
  /* [control|drain] The value on a bound port; an absent optional one gives CADRE_NOT_FOUND. `out->size` set by the
   * caller. borrow: until `release` of the assignment. */
  cadre_error *(*input)(const cadre_award *award, cadre_str port, cadre_value *out);
};

/* What `run` says through `out_state`. */
enum {
  CADRE_FINISHED = 1, /* outputs are set, the job has ended */
  CADRE_PENDING = 2   /* the agent goes on by itself and calls `done` */
};

/* An opened agent. The table belongs to the agent and stays valid until `close` returns. */
struct cadre_agent {
  uint32_t size;
  uint32_t reserved;
  /* The agent's own data. */
  void *data;
  /* [control] Number of offers; constant from `open` to `close`. */
  uint32_t (*offer_count)(cadre_agent *self);
  /* [control] borrow: until `close`. */
  const cadre_offer *(*offer)(cadre_agent *self, uint32_t index);
  /* [any] Answers a call. Pure: it reserves nothing, may overlap `run`, and gives the same answer to the
   * same call. optional: without it the agent bids yes without figures. */
  cadre_error *(*bid)(cadre_agent *self, const cadre_call *call, cadre_bid *out);
  /* [control|drain] Accepts an award and warms up. take: the host calls `release` with *out once. */
  cadre_error *(*prepare)(cadre_agent *self, const cadre_award *award, cadre_assignment **out);
  /* [job] Runs one job. On success *out_state is CADRE_FINISHED or CADRE_PENDING. After an error, or
   * CADRE_FINISHED, the job has ended and nothing borrowed from it may be used. */
  cadre_error *(*run)(cadre_agent *self, cadre_assignment *assignment, cadre_job job,
                      uint32_t *out_state);
  /* [any] The job is to stop soon; `stop` of the job is set already. optional */
  void (*cancel)(cadre_agent *self, cadre_job job);
  /* [drain] No job of this assignment is alive. */
  void (*release)(cadre_agent *self, cadre_assignment *assignment);
  /* [drain] Finish what is pending within `deadline` nanoseconds; no new job will come. optional */
  cadre_error *(*quiesce)(cadre_agent *self, uint64_t deadline);
  /* [control] All assignments are released. The table is gone afterwards. */
  void (*close)(cadre_agent *self);
  /* [any] An extension of the agent by id, or NULL. borrow: until `close`. optional */
  const void *(*extension)(cadre_agent *self, cadre_str id);
};

/* The module of an image. borrow: lives as long as the image. */
struct cadre_module {
  uint32_t size;
  uint32_t reserved;
  /* "org.cadre.text-mlp" */
  cadre_str id;
  /* Semantic version. */
  cadre_str version;
  cadre_str about;
  /* The module's own data. */
  void *data;
  /* [control] Opens an agent. `self` is the table that the entry gave, so one function can serve many modules.
   * `config` is a JSON object. The host outlives the agent. take: the host calls `close` of *out once. May be
   * called again, also while other agents of the image are open. */
  cadre_error *(*open)(const cadre_module *self, const cadre_host *host, cadre_str config,
                       cadre_agent **out);
  /* [any] An extension of the module by id, or NULL. borrow: as long as the image. optional */
  const void *(*extension)(const cadre_module *self, cadre_str id);
};

CADRE_END

#endif
