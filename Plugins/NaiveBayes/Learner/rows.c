#include "nb_rows.h"

#include <stdlib.h>
#include <string.h>

/* Seeds that keep the families apart: the word "the" and the characters "the" are two features. */
enum { WORD_FAMILY = 'w', CHARACTER_FAMILY = 'c' };

uint32_t nb_hash(uint32_t hash, const char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
  return hash;
}

int nb_rows_init(nb_rows *rows, nb_recipe recipe) {
  memset(rows, 0, sizeof *rows);
  rows->recipe = recipe;
  rows->count_capacity = 256;
  rows->offsets = calloc(rows->count_capacity + 1, sizeof *rows->offsets);
  rows->places = calloc(recipe.features, sizeof *rows->places);
  if (rows->offsets != NULL && rows->places != NULL) return 1;
  nb_rows_free(rows);
  return 0;
}

void nb_rows_clear(nb_rows *rows) { rows->count = rows->entries = 0; }

void nb_rows_free(nb_rows *rows) {
  free(rows->offsets);
  free(rows->indices);
  free(rows->values);
  free(rows->places);
  free(rows->folded);
  memset(rows, 0, sizeof *rows);
}

static int grow_entries(nb_rows *rows) {
  const uint64_t capacity = rows->entry_capacity == 0 ? 4096 : rows->entry_capacity * 2;
  uint32_t *indices = realloc(rows->indices, capacity * sizeof *indices);
  if (indices != NULL) rows->indices = indices;
  float *values = realloc(rows->values, capacity * sizeof *values);
  if (values != NULL) rows->values = values;
  if (indices == NULL || values == NULL) return 0;
  rows->entry_capacity = capacity;
  return 1;
}

static int grow_rows(nb_rows *rows) {
  const uint64_t capacity = rows->count_capacity * 2;
  uint64_t *offsets = realloc(rows->offsets, (capacity + 1) * sizeof *offsets);
  if (offsets == NULL) return 0;
  rows->offsets = offsets;
  rows->count_capacity = capacity;
  return 1;
}

/* Counts a feature in the current row, which starts at entry `start`. */
static int count_feature(nb_rows *rows, uint64_t start, uint32_t hash) {
  /* The high bits of FNV mix worse than the low ones; folding them in costs nothing. */
  const uint32_t index = (hash ^ (hash >> 16)) & (rows->recipe.features - 1);
  if (rows->places[index] != 0) {
    rows->values[start + rows->places[index] - 1] += 1;
    return 1;
  }
  if (rows->entries == rows->entry_capacity && !grow_entries(rows)) return 0;
  rows->indices[rows->entries] = index;
  rows->values[rows->entries] = 1;
  rows->entries++;
  rows->places[index] = (uint32_t)(rows->entries - start);
  return 1;
}

static int is_word(unsigned char byte) {
  return byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

/* Copies the text with ASCII folded to lower case and every byte outside of words turned into a
 * space, a space in front and one behind: what the n-grams of characters run over. Returns its
 * length, 0 when memory is short. */
static size_t fold(nb_rows *rows, const char *text, size_t size) {
  if (rows->folded_capacity < size + 2) {
    char *folded = realloc(rows->folded, size + 2);
    if (folded == NULL) return 0;
    rows->folded = folded;
    rows->folded_capacity = size + 2;
  }
  rows->folded[0] = rows->folded[size + 1] = ' ';
  for (size_t i = 0; i < size; i++) {
    unsigned char byte = (unsigned char)text[i];
    if (byte >= 'A' && byte <= 'Z') byte = (unsigned char)(byte - 'A' + 'a');
    rows->folded[i + 1] = is_word(byte) ? (char)byte : ' ';
  }
  return size + 2;
}

/* The character n-grams of one word with its two spaces, begin ..< end of the folded text. */
static int count_characters(nb_rows *rows, uint64_t start, size_t begin, size_t end) {
  const char *text = rows->folded;
  for (size_t from = begin; from < end; from++) {
    if (((unsigned char)text[from] & 0xC0) == 0x80) continue; /* inside of a character */
    uint32_t hash = nb_hash(NB_FNV_START, &(char){CHARACTER_FAMILY}, 1);
    size_t to = from;
    for (uint32_t length = 1; length <= rows->recipe.characters && to < end; length++) {
      do {
        hash = nb_hash(hash, text + to, 1);
        to++;
      } while (to < end && ((unsigned char)text[to] & 0xC0) == 0x80);
      if (length >= NB_CHARACTERS_MIN && !count_feature(rows, start, hash)) return 0;
    }
  }
  return 1;
}

int nb_rows_append(nb_rows *rows, const char *text, size_t size) {
  if (rows->count == rows->count_capacity && !grow_rows(rows)) return 0;
  const size_t length = fold(rows, text, size);
  if (length == 0) return 0;
  const uint64_t start = rows->entries;
  /* Beginnings and ends of the last words, the newest first. */
  size_t begins[NB_WORDS_MAX] = {0}, ends[NB_WORDS_MAX] = {0};
  uint32_t known = 0;
  int enough = 1;
  for (size_t i = 1; enough && i < length - 1;) {
    if (rows->folded[i] == ' ') {
      i++;
      continue;
    }
    memmove(begins + 1, begins, sizeof begins - sizeof *begins);
    memmove(ends + 1, ends, sizeof ends - sizeof *ends);
    begins[0] = i;
    while (rows->folded[i] != ' ') i++;
    ends[0] = i;
    if (known < rows->recipe.words) known++;
    for (uint32_t n = 1; enough && n <= known; n++) {
      uint32_t hash = nb_hash(NB_FNV_START, &(char){WORD_FAMILY}, 1);
      for (uint32_t w = n; w-- > 0;) {
        hash = nb_hash(hash, rows->folded + begins[w], ends[w] - begins[w]);
        hash = nb_hash(hash, " ", 1);
      }
      enough = count_feature(rows, start, hash);
    }
    if (enough && rows->recipe.characters >= NB_CHARACTERS_MIN)
      enough = count_characters(rows, start, begins[0] - 1, ends[0] + 1);
  }
  for (uint64_t entry = start; entry < rows->entries; entry++)
    rows->places[rows->indices[entry]] = 0;
  if (!enough) {
    rows->entries = start;
    return 0;
  }
  rows->count++;
  rows->offsets[rows->count] = rows->entries;
  return 1;
}
