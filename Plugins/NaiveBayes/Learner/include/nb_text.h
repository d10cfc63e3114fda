/* nb_text.h: a text that grows; how the learner writes JSON and messages. */
#ifndef NB_TEXT_H
#define NB_TEXT_H

#include <stddef.h>

typedef struct nb_text {
  char *data;
  size_t size, capacity;
  int failed; /* memory was short; the text stays without what did not fit */
} nb_text;

/* Appends bytes, or a printf format. */
void nb_text_bytes(nb_text *text, const char *bytes, size_t size);
__attribute__((format(printf, 2, 3))) void nb_text_format(nb_text *text, const char *format, ...);

/* Appends a JSON string with its quotes. */
void nb_text_json_string(nb_text *text, const char *bytes, size_t size);

/* Appends a number with the digits that read back as the same double, whatever the locale. */
void nb_text_json_number(nb_text *text, double number);

void nb_text_free(nb_text *text);

#endif
