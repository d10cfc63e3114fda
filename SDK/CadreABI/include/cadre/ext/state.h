/* cadre/ext/state.h: cadre.state/1, an extension of the agent: its learned state as bytes that outlive it. */
#ifndef CADRE_EXT_STATE_H
#define CADRE_EXT_STATE_H

#include "../error.h"

CADRE_BEGIN

#define CADRE_STATE_ID "cadre.state/1"

typedef struct cadre_state {
  uint32_t size;
  uint32_t reserved;
  /* [drain] Calls `sink` once or more with the pieces of the state, in order. */
  cadre_error *(*save)(cadre_agent *self, void *data, void (*sink)(void *data, cadre_str bytes));
  /* [control] Whether these bytes can be loaded; NULL = yes, else why not. Changes nothing. */
  cadre_error *(*can_load)(cadre_agent *self, cadre_str bytes);
  /* [control] Loads; only before the first `prepare`. On an error the agent is as before. */
  cadre_error *(*load)(cadre_agent *self, cadre_str bytes);
} cadre_state;

CADRE_END

#endif
