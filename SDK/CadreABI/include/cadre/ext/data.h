/* cadre/ext/data.h: cadre.data/1, datasets: rows that can be read again and again, each time as a fresh Arrow
 * stream of just the columns that the reader's port declares. */
#ifndef CADRE_EXT_DATA_H
#define CADRE_EXT_DATA_H

#include "../error.h"
#include "../value.h"

CADRE_BEGIN

#define CADRE_DATA_ID "cadre.data/1"

/* An out-struct. Texts are borrowed like the dataset. */
typedef struct cadre_dataset_info {
  uint32_t size;
  uint32_t reserved;
  /* < 0: unknown. */
  int64_t rows;
  /* The classes of the label column in the order of their indices; none when there is no label. */
  const cadre_str *classes;
  uint64_t class_count;
} cadre_dataset_info;

/* How to read. */
typedef struct cadre_dataset_request {
  uint32_t size;
  /* Rows a batch; 0: the host's choice. */
  uint32_t batch;
  /* Columns in the order wanted; none: all that the port declares. A column that the port does not declare is
   * refused with CADRE_PERMISSION_DENIED. */
  const cadre_str *columns;
  uint64_t column_count;
  /* Rows are shuffled by (seed, epoch) when `shuffle` is 1. */
  uint64_t seed;
  uint64_t epoch;
  uint32_t shuffle;
  /* This reader takes the rows whose number modulo shard_count is shard; shard_count 0 counts as 1. */
  uint32_t shard;
  uint32_t shard_count;
} cadre_dataset_request;

/* The extension's table; all [job]; in `prepare`, for a bound dataset, [control|drain]. */
typedef struct cadre_data {
  uint32_t size;
  uint32_t reserved;
  cadre_error *(*info)(const cadre_host *host, const cadre_dataset *dataset,
                       cadre_dataset_info *out);
  /* take: the stream; release it by its own `release`, before the job ended. */
  cadre_error *(*open)(const cadre_host *host, const cadre_dataset *dataset,
                       const cadre_dataset_request *request, struct ArrowArrayStream *out);
} cadre_data;

CADRE_END

#endif
