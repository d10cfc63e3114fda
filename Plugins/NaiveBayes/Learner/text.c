#include "nb_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void nb_text_bytes(nb_text *text, const char *bytes, size_t size) {
  if (text->failed || size == 0) return;
  if (text->capacity - text->size < size) {
    const size_t capacity = (text->capacity + size) * 2;
    char *data = realloc(text->data, capacity);
    if (data == NULL) {
      text->failed = 1;
      return;
    }
    text->data = data;
    text->capacity = capacity;
  }
  memcpy(text->data + text->size, bytes, size);
  text->size += size;
}

void nb_text_format(nb_text *text, const char *format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  const int size = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (size > 0)
    nb_text_bytes(text, line, (size_t)size < sizeof line ? (size_t)size : sizeof line - 1);
}

void nb_text_json_string(nb_text *text, const char *bytes, size_t size) {
  nb_text_bytes(text, "\"", 1);
  for (size_t i = 0; i < size; i++) {
    const unsigned char byte = (unsigned char)bytes[i];
    if (byte == '"' || byte == '\\') nb_text_bytes(text, "\\", 1);
    if (byte < 0x20)
      nb_text_format(text, "\\u%04x", byte);
    else
      nb_text_bytes(text, bytes + i, 1);
  }
  nb_text_bytes(text, "\"", 1);
}

void nb_text_json_number(nb_text *text, double number) {
  char digits[40];
  snprintf(digits, sizeof digits, "%.17g", number);
  for (char *at = digits; *at != '\0'; at++)
    if (*at == ',') *at = '.';
  nb_text_bytes(text, digits, strlen(digits));
}

void nb_text_free(nb_text *text) {
  free(text->data);
  memset(text, 0, sizeof *text);
}
