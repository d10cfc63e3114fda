/* nb_rows.h: texts as sparse rows of hashed n-gram counts.
 *
 * A feature's number is FNV-1a (32 bits) of its bytes, folded to the number of features (the
 * hashing trick: Weinberger et al. 2009). No vocabulary is kept, so a model never has to be rebuilt
 * for new words. */
#ifndef NB_ROWS_H
#define NB_ROWS_H

#include <stddef.h>
#include <stdint.h>

enum { NB_WORDS_MAX = 3, NB_CHARACTERS_MIN = 3, NB_CHARACTERS_MAX = 6 };

/* How a text becomes features. */
typedef struct nb_recipe {
  uint32_t features;   /* a power of two */
  uint32_t words;      /* longest word n-gram, 1...NB_WORDS_MAX */
  uint32_t characters; /* longest character n-gram, from NB_CHARACTERS_MIN; 0: none */
} nb_recipe;

/* Sparse rows. Row r holds the entries offsets[r] ..< offsets[r + 1]; indices of one row differ. */
typedef struct nb_rows {
  nb_recipe recipe;
  uint64_t count, count_capacity;
  uint64_t entries, entry_capacity;
  uint64_t *offsets;
  uint32_t *indices;
  float *values;
  /* Scratch: where in the current row a feature stands, plus 1; and one text with its case folded.
   */
  uint32_t *places;
  char *folded;
  size_t folded_capacity;
} nb_rows;

/* FNV-1a, 32 bits, going on from `hash`; start with NB_FNV_START. */
#define NB_FNV_START 2166136261u
uint32_t nb_hash(uint32_t hash, const char *bytes, size_t size);

/* Makes empty rows. 0 when memory is short. */
int nb_rows_init(nb_rows *rows, nb_recipe recipe);

/* Appends one text: runs of letters and digits as words (bytes above ASCII count as letters, ASCII
 * case is folded), their n-grams, and the character n-grams of each word with a space on either
 * side. 0 when memory is short. O(size · (words + characters)). */
int nb_rows_append(nb_rows *rows, const char *text, size_t size);

/* Forgets the rows, keeps the memory. */
void nb_rows_clear(nb_rows *rows);

void nb_rows_free(nb_rows *rows);

#endif
