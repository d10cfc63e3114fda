/* labelled_rows.h: the rows of a dataset as n-grams with the index of their class. */
#ifndef NB_LABELLED_ROWS_H
#define NB_LABELLED_ROWS_H

#include "agent.h"

/* Which rows to read: all, or one of two shares that a temperature can be fitted across. */
typedef enum nb_share { NB_ALL_ROWS, NB_NINE_TENTHS, NB_LAST_TENTH } nb_share;

typedef struct nb_labelled {
  nb_rows rows;
  uint32_t *labels; /* one a row */
  uint64_t capacity;
} nb_labelled;

/* The classes of a dataset, and who reads it for which job. */
typedef struct nb_reading {
  nb_agent *agent;
  cadre_job job;
  const cadre_dataset_info *classes;
  const char *port;
  nb_share share;
} nb_reading;

/* Reads a dataset in place of what *out holds. Rows without text or label teach nothing and are
 * passed over; a label that is none of the classes is CADRE_INVALID_ARGUMENT, a stop
 * CADRE_CANCELLED. */
cadre_error *nb_labelled_read(const nb_reading *reading, const cadre_dataset *dataset,
                              nb_labelled *out);

void nb_labelled_free(nb_labelled *labelled);

#endif
