#include "nb_columns.h"

#include <stdio.h>
#include <string.h>

static int refuse(nb_columns *reader, const char *what, const char *column) {
  snprintf(reader->message, sizeof reader->message, "the table %s%s%s%s", what,
           column == NULL ? "" : " '", column == NULL ? "" : column, column == NULL ? "" : "'");
  return 0;
}

static int find(nb_columns *reader, const struct ArrowSchema *schema, const char *name,
                nb_column *column) {
  for (int64_t i = 0; i < schema->n_children; i++) {
    const struct ArrowSchema *child = schema->children[i];
    if (child == NULL || child->format == NULL)
      return refuse(reader, "has a column without a type", NULL);
    if (child->name == NULL || strcmp(child->name, name) != 0) continue;
    column->child = i;
    column->large = child->format[0] == 'U';
    if (strcmp(child->format, "u") != 0 && strcmp(child->format, "U") != 0)
      return refuse(reader, "has no text, format u or U, in column", name);
    return 1;
  }
  return refuse(reader, "has no column", name);
}

int nb_columns_open(nb_columns *reader, struct ArrowArrayStream *stream, const char *const *names,
                    uint32_t count) {
  memset(reader, 0, sizeof *reader);
  reader->stream = stream;
  reader->count = count;
  if (stream == NULL || stream->release == NULL)
    return refuse(reader, "was released before it was read", NULL);
  struct ArrowSchema schema = {0};
  if (stream->get_schema(stream, &schema) != 0) {
    const char *reason = stream->get_last_error(stream);
    snprintf(reader->message, sizeof reader->message, "the table's schema: %s",
             reason == NULL ? "no reason" : reason);
    return 0;
  }
  int found = schema.format != NULL && strcmp(schema.format, "+s") == 0;
  if (!found) refuse(reader, "is no struct of columns", NULL);
  reader->children = schema.n_children;
  for (uint32_t i = 0; found && i < count; i++)
    found = find(reader, &schema, names[i], &reader->columns[i]);
  if (schema.release != NULL) schema.release(&schema);
  return found;
}

static int64_t offset_at(const nb_column *column, int64_t index) {
  return column->large ? ((const int64_t *)column->offsets)[index]
                       : (int64_t)((const int32_t *)column->offsets)[index];
}

/* Takes over one child of the batch. Offsets must rise: then no row can reach outside of the bytes.
 */
static int load(nb_columns *reader, nb_column *column) {
  const struct ArrowArray *child = reader->batch.children[column->child];
  const int64_t start = reader->batch.offset;
  if (child == NULL || child->release == NULL)
    return refuse(reader, "has a batch with a missing column", NULL);
  if (child->n_buffers != 3 || child->offset < 0 || child->length < start + reader->rows)
    return refuse(reader, "has a column shorter than its batch, or with other than 3 buffers",
                  NULL);
  column->offset = child->offset + start;
  column->validity = child->null_count == 0 ? NULL : child->buffers[0];
  column->offsets = child->buffers[1];
  column->bytes = child->buffers[2];
  if (reader->rows == 0) return 1;
  if (column->offsets == NULL) return refuse(reader, "has a text column without offsets", NULL);
  int64_t last = offset_at(column, column->offset);
  if (last < 0) return refuse(reader, "has a text column with a negative offset", NULL);
  for (int64_t row = 1; row <= reader->rows; row++) {
    const int64_t next = offset_at(column, column->offset + row);
    if (next < last) return refuse(reader, "has a text column whose offsets fall", NULL);
    last = next;
  }
  if (last > 0 && column->bytes == NULL)
    return refuse(reader, "has a text column without bytes", NULL);
  return 1;
}

static void drop_batch(nb_columns *reader) {
  if (reader->batch.release != NULL) reader->batch.release(&reader->batch);
  memset(&reader->batch, 0, sizeof reader->batch);
}

int nb_columns_next(nb_columns *reader) {
  drop_batch(reader);
  if (reader->stream->get_next(reader->stream, &reader->batch) != 0) {
    const char *reason = reader->stream->get_last_error(reader->stream);
    snprintf(reader->message, sizeof reader->message, "the table's rows: %s",
             reason == NULL ? "no reason" : reason);
    return -1;
  }
  if (reader->batch.release == NULL) return 0;
  reader->rows = reader->batch.length;
  if (reader->batch.n_children != reader->children || reader->rows < 0 ||
      reader->batch.offset < 0 || reader->batch.children == NULL) {
    refuse(reader, "has a batch that does not fit its schema", NULL);
    return -1;
  }
  for (uint32_t i = 0; i < reader->count; i++)
    if (!load(reader, &reader->columns[i])) return -1;
  return 1;
}

nb_span nb_columns_value(const nb_columns *reader, uint32_t column, int64_t row) {
  const nb_column *own = &reader->columns[column];
  const int64_t place = own->offset + row;
  if (own->validity != NULL && (own->validity[place / 8] >> (place % 8) & 1) == 0)
    return (nb_span){NULL, 0};
  const int64_t begin = offset_at(own, place), end = offset_at(own, place + 1);
  return (nb_span){own->bytes == NULL ? "" : own->bytes + begin, (size_t)(end - begin)};
}

void nb_columns_close(nb_columns *reader) {
  drop_batch(reader);
  if (reader->stream != NULL && reader->stream->release != NULL)
    reader->stream->release(reader->stream);
  reader->stream = NULL;
}
