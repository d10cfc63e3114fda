/* cadre/ext/board.h: cadre.board/1, the shared board of a collaboration: members post tensors (their z_i, their
 * log-probabilities) under a topic and read what others posted. */
#ifndef CADRE_EXT_BOARD_H
#define CADRE_EXT_BOARD_H

#include "../error.h"
#include "../value.h"

CADRE_BEGIN

#define CADRE_BOARD_ID "cadre.board/1"

/* The extension's table; all [job]. */
typedef struct cadre_board {
  uint32_t size;
  uint32_t reserved;
  /* Posts a value under (topic, this member), replacing an earlier one. give */
  cadre_error *(*post)(const cadre_host *host, cadre_job job, cadre_str topic,
                       const cadre_value *value);
  /* The value that `member` posted, waiting at most `timeout` nanoseconds (CADRE_DEADLINE_EXCEEDED). borrow: until the
   * job ended. */
  cadre_error *(*read)(const cadre_host *host, cadre_job job, cadre_str topic, uint32_t member,
                       uint64_t timeout, cadre_value *out);
} cadre_board;

CADRE_END

#endif
