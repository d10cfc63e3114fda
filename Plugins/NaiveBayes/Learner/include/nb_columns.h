/* nb_columns.h: reads columns of text from an Arrow stream, and trusts nothing that it was given.
 *
 *     nb_columns reader;
 *     const char *names[] = {"text", "label"};
 *     if (nb_columns_open(&reader, stream, names, 2))
 *       while (nb_columns_next(&reader) == 1)
 *         for (int64_t row = 0; row < reader.rows; row++) { nb_columns_value(&reader, 0, row) ... }
 *     nb_columns_close(&reader);
 */
#ifndef NB_COLUMNS_H
#define NB_COLUMNS_H

#include <cadre/arrow.h>

#include "nb_json.h"

enum { NB_COLUMNS_MAX = 2 };

/* One column of the current batch: format u (32-bit offsets) or U (64-bit). */
typedef struct nb_column {
  int64_t child;
  int large;
  int64_t offset; /* where the rows begin in the buffers */
  const uint8_t *validity;
  const void *offsets;
  const char *bytes;
} nb_column;

typedef struct nb_columns {
  struct ArrowArrayStream *stream;
  struct ArrowArray batch;
  uint32_t count;
  int64_t children;
  nb_column columns[NB_COLUMNS_MAX];
  int64_t rows; /* in the current batch */
  char message[256];
} nb_columns;

/* Finds the named columns. give: the stream, also when it fails. 0: see `message`. */
int nb_columns_open(nb_columns *reader, struct ArrowArrayStream *stream, const char *const *names,
                    uint32_t count);

/* Goes on to the next batch: 1, or 0 at the end, or -1: see `message`. */
int nb_columns_next(nb_columns *reader);

/* The value of a column in a row of the current batch; data is NULL for a missing one. */
nb_span nb_columns_value(const nb_columns *reader, uint32_t column, int64_t row);

/* Releases the batch and the stream. Also after a failed open. */
void nb_columns_close(nb_columns *reader);

#endif
