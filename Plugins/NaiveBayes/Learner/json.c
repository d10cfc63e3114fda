#define _GNU_SOURCE /* strtod_l */
#include "nb_json.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* A place in a text. Every function below leaves `at` behind what it read, or at what it refused.
 */
typedef struct cursor {
  const char *at;
  const char *end;
} cursor;

static int value(cursor *c, int depth);

static void blanks(cursor *c) {
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r'))
    c->at++;
}

static int take(cursor *c, char wanted) {
  if (c->at == c->end || *c->at != wanted) return 0;
  c->at++;
  return 1;
}

static int word(cursor *c, const char *text) {
  const size_t size = strlen(text);
  if ((size_t)(c->end - c->at) < size || memcmp(c->at, text, size) != 0) return 0;
  c->at += size;
  return 1;
}

static int hex(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

static int string(cursor *c) {
  if (!take(c, '"')) return 0;
  while (c->at < c->end) {
    if ((unsigned char)*c->at < 0x20) return 0;
    if (take(c, '"')) return 1;
    if (!take(c, '\\')) {
      c->at++;
      continue;
    }
    if (c->at == c->end || *c->at == '\0' || strchr("\"\\/bfnrtu", *c->at) == NULL) return 0;
    const int digits = *c->at++ == 'u' ? 4 : 0;
    for (int i = 0; i < digits; i++, c->at++)
      if (c->at == c->end || hex(*c->at) < 0) return 0;
  }
  return 0;
}

static int digits(cursor *c) {
  const char *from = c->at;
  while (c->at < c->end && *c->at >= '0' && *c->at <= '9') c->at++;
  return c->at > from;
}

static int number(cursor *c) {
  take(c, '-');
  if (!take(c, '0') && !digits(c)) return 0;
  if (take(c, '.') && !digits(c)) return 0;
  if (take(c, 'e') || take(c, 'E')) {
    if (!take(c, '+')) take(c, '-');
    if (!digits(c)) return 0;
  }
  return 1;
}

/* The members of an object or the elements of an array, up to and with the closing bracket. */
static int items(cursor *c, char close, int named, int depth) {
  blanks(c);
  if (take(c, close)) return 1;
  do {
    blanks(c);
    if (named) {
      if (!string(c)) return 0;
      blanks(c);
      if (!take(c, ':')) return 0;
    }
    if (!value(c, depth)) return 0;
    blanks(c);
  } while (take(c, ','));
  return take(c, close);
}

static int value(cursor *c, int depth) {
  blanks(c);
  if (c->at == c->end || depth > 32) return 0;
  switch (*c->at) {
    case '{': c->at++; return items(c, '}', 1, depth + 1);
    case '[': c->at++; return items(c, ']', 0, depth + 1);
    case '"': return string(c);
    case 't': return word(c, "true");
    case 'f': return word(c, "false");
    case 'n': return word(c, "null");
    default: return number(c);
  }
}

ptrdiff_t nb_json_check(nb_span text) {
  cursor c = {text.data, text.data + text.size};
  if (!value(&c, 0)) return c.at - text.data;
  blanks(&c);
  return c.at == c.end ? -1 : c.at - text.data;
}

/* Reads the next value and gives its span. */
static nb_span next_value(cursor *c) {
  blanks(c);
  const char *from = c->at;
  value(c, 0);
  return (nb_span){from, (size_t)(c->at - from)};
}

nb_span nb_json_member(nb_span object, const char *key) {
  cursor c = {object.data, object.data + object.size};
  nb_span found = {NULL, 0};
  blanks(&c);
  if (!take(&c, '{')) return found;
  do {
    blanks(&c);
    const char *name = c.at;
    if (!string(&c)) break;
    const size_t size = (size_t)(c.at - name) - 2;
    blanks(&c);
    take(&c, ':');
    const nb_span member = next_value(&c);
    /* Names of settings have no escapes, so that bytes compare. */
    if (size == strlen(key) && memcmp(name + 1, key, size) == 0) found = member;
    blanks(&c);
  } while (take(&c, ','));
  return found;
}

nb_span nb_json_element(nb_span array, size_t index) {
  cursor c = {array.data, array.data + array.size};
  blanks(&c);
  if (!take(&c, '[')) return (nb_span){NULL, 0};
  blanks(&c);
  if (take(&c, ']')) return (nb_span){NULL, 0};
  do {
    const nb_span element = next_value(&c);
    if (index-- == 0) return element;
    blanks(&c);
  } while (take(&c, ','));
  return (nb_span){NULL, 0};
}

int nb_json_number(nb_span value, double *out) {
  char text[64];
  if (value.size == 0 || value.size >= sizeof text || strchr("-0123456789", *value.data) == NULL)
    return 0;
  memcpy(text, value.data, value.size);
  text[value.size] = '\0';
  /* strtod reads by the process's locale, and a host may have set one with a comma. */
  const locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
  if (plain == (locale_t)0) return 0;
  char *end = text;
  *out = strtod_l(text, &end, plain);
  freelocale(plain);
  return end == text + value.size;
}

int nb_json_bool(nb_span value, int *out) {
  if (value.size == 0 || (*value.data != 't' && *value.data != 'f')) return 0;
  *out = *value.data == 't';
  return 1;
}

static uint32_t four_digits(const char *at) {
  uint32_t unit = 0;
  for (int i = 0; i < 4; i++) unit = unit << 4 | (uint32_t)hex(at[i]);
  return unit;
}

static ptrdiff_t encode(uint32_t scalar, char *out) {
  if (scalar < 0x80) return out[0] = (char)scalar, 1;
  const int more = scalar < 0x800 ? 1 : scalar < 0x10000 ? 2 : 3;
  static const unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
  out[0] = (char)(leads[more] | scalar >> (6 * more));
  for (int i = 1; i <= more; i++) out[i] = (char)(0x80 | (scalar >> (6 * (more - i)) & 0x3F));
  return more + 1;
}

ptrdiff_t nb_json_string(nb_span value, char *out) {
  if (value.size < 2 || *value.data != '"') return -1;
  const char *at = value.data + 1, *end = value.data + value.size - 1;
  char *to = out;
  while (at < end) {
    if (*at != '\\') {
      *to++ = *at++;
      continue;
    }
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    const char name = at[1];
    at += 2;
    if (name != 'u') {
      *to++ = bytes[strchr(names, name) - names];
      continue;
    }
    uint32_t scalar = four_digits(at);
    at += 4;
    if (scalar >= 0xD800 && scalar < 0xE000) {
      if (scalar >= 0xDC00 || end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
      const uint32_t low = four_digits(at + 2);
      if (low < 0xDC00 || low >= 0xE000) return -1;
      scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00);
      at += 6;
    }
    to += encode(scalar, to);
  }
  return to - out;
}
