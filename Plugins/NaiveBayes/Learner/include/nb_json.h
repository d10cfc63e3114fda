/* nb_json.h: a strict reader of small JSON texts (RFC 8259), without memory of its own.
 *
 * A span is a piece of a JSON text that nb_json_check has found to be whole; the other functions
 * rely on that. */
#ifndef NB_JSON_H
#define NB_JSON_H

#include <stddef.h>
#include <stdint.h>

typedef struct nb_span {
  const char *data;
  size_t size;
} nb_span;

/* Checks one whole JSON text: grammar, no text after it, nesting of at most 32. The byte where it
 * breaks, or -1 when it is whole. UTF-8 inside of strings is taken as it is. */
ptrdiff_t nb_json_check(nb_span text);

/* The member `key` of an object, or a span without bytes. The last one wins. O(size). */
nb_span nb_json_member(nb_span object, const char *key);

/* The element `index` of an array, or a span without bytes. O(size). */
nb_span nb_json_element(nb_span array, size_t index);

/* Reads a number or a Boolean; 0 when it is something else. */
int nb_json_number(nb_span value, double *out);
int nb_json_bool(nb_span value, int *out);

/* Decodes a string to UTF-8 in `out`, which holds `value.size` bytes or more. Its length, or -1
 * when the value is no string or has half of a surrogate pair. */
ptrdiff_t nb_json_string(nb_span value, char *out);

#endif
