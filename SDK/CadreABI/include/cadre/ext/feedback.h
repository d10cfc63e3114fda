/* cadre/ext/feedback.h: cadre.feedback/1, an extension of the agent: what the host learned about its work. Feedback
 * comes from the blend part, never from sealed data. */
#ifndef CADRE_EXT_FEEDBACK_H
#define CADRE_EXT_FEEDBACK_H

#include "../error.h"

CADRE_BEGIN

#define CADRE_FEEDBACK_ID "cadre.feedback/1"

/* One message of feedback. borrow: during the call. */
typedef struct cadre_feedback_message {
  uint32_t size;
  uint32_t reserved;
  cadre_str task;
  /* The main metric's name, its value for this agent, for the whole team, and the weight w_i of this agent. */
  cadre_str metric;
  double own;
  double team;
  double weight;
  /* A JSON object with all of it: per class, calibration, rounds. */
  cadre_str report;
} cadre_feedback_message;

typedef struct cadre_feedback {
  uint32_t size;
  uint32_t reserved;
  /* [drain] `assignment` is the one that the feedback is about. */
  cadre_error *(*receive)(cadre_agent *self, cadre_assignment *assignment,
                          const cadre_feedback_message *message);
} cadre_feedback;

CADRE_END

#endif
