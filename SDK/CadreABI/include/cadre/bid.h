/* cadre/bid.h: the contract net: a call for proposals, and the bid that answers it. */
#ifndef CADRE_BID_H
#define CADRE_BID_H

#include "error.h"
#include "types.h"

CADRE_BEGIN

/* What `cadre_call.explain` is told. */
enum { CADRE_EXPLAIN_REASON = 1, CADRE_EXPLAIN_WISH = 2 };

/* A call for proposals. borrow: until `bid` returns. */
typedef struct cadre_call cadre_call;
struct cadre_call {
  uint32_t size;
  /* Which of the agent's offers the host asks about. */
  uint32_t offer;
  cadre_str task;
  /* The settings that the award would carry, a JSON object. */
  cadre_str settings;
  /* What is known of the dimensions: fixed (min == max), ranged or estimated, by symbol. */
  const cadre_dim *dims;
  uint64_t dim_count;
  /* Items (rows, messages) that the assignment is expected to handle; < 0: unknown. */
  int64_t items;
  uint32_t team_size;
  uint32_t thread_limit;
  /* Bytes; 0: none stated. */
  uint64_t memory_limit;
  /* Nanoseconds a job may take; 0: none. */
  uint64_t deadline;
  /* The host's own data. */
  void *data;
  /* [any] Gives the reason of a decline or of a quality, or a wish ("at least 2 classes"). The text is
   * copied. */
  void (*explain)(const cadre_call *call, uint32_t what, cadre_str text);
};

/* Verdicts. */
enum {
  CADRE_BID_YES = 1,
  CADRE_BID_NO = 2,
  CADRE_BID_IF = 3 /* it would, if the wish were granted */
};

/* A bid: an out-struct, zeroed by the host. Plain data: a bid reserves nothing. */
typedef struct cadre_bid {
  uint32_t size;
  uint32_t verdict;
  /* Nanoseconds: for a job whatever its size, and for each item. */
  uint64_t fixed_p50;
  uint64_t fixed_p95;
  uint64_t item_p50;
  uint64_t item_p95;
  uint64_t warm_up;
  /* Bytes at the peak. */
  uint64_t memory;
  /* Expected quality in 0...1 by the task's main metric; NaN: no statement. */
  double quality;
} cadre_bid;

CADRE_END

#endif
