/* cadre/ext/store.h: cadre.store/1, small private data of an agent that outlives it, by key. */
#ifndef CADRE_EXT_STORE_H
#define CADRE_EXT_STORE_H

#include "../error.h"

CADRE_BEGIN

#define CADRE_STORE_ID "cadre.store/1"

/* The extension's table; all [job] or [control]. */
typedef struct cadre_store {
  uint32_t size;
  uint32_t reserved;
  /* Calls `sink` once with the bytes, borrowed during the call; CADRE_NOT_FOUND when there are none. */
  cadre_error *(*get)(const cadre_host *host, cadre_str key, void *data,
                      void (*sink)(void *data, cadre_str bytes));
  /* Writes durably; the bytes are copied. */
  cadre_error *(*put)(const cadre_host *host, cadre_str key, cadre_str bytes);
  cadre_error *(*remove)(const cadre_host *host, cadre_str key);
} cadre_store;

CADRE_END

#endif
