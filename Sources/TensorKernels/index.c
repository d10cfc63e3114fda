/* Elements by position: what tk_index.h has that depends on the size of an element only. */
#include "include/tk_index.h"

#include <string.h>

/* Checked together, without a branch inside, so that the compiler vectorises. */
#define CHECK_BLOCK 256

int64_t tk_check_indices(size_t n, const int64_t *indices, int64_t limit) {
  for (size_t start = 0; start < n; start += CHECK_BLOCK) {
    size_t end = n - start < CHECK_BLOCK ? n : start + CHECK_BLOCK;
    int bad = 0;
    for (size_t i = start; i < end; ++i) bad |= (indices[i] < 0) | (indices[i] >= limit);
    if (!bad) continue;
    for (size_t i = start; i < end; ++i) {
      if (indices[i] < 0 || indices[i] >= limit) return (int64_t)i;
    }
  }
  return -1;
}

/* A constant size turns memcpy into one load and one store. */
#define COPY_EACH(bytes)                                                     \
  for (size_t i = 0; i < n; ++i) {                                           \
    memcpy((char *)y + i * (bytes),                                          \
           (const char *)table + (size_t)indices[i] * (bytes), (bytes));     \
  }                                                                          \
  return

void tk_gather_rows(size_t n, size_t row_bytes, const int64_t *indices, const void *table,
                    void *y) {
  switch (row_bytes) {
    case 0:
      return;
    case 1:
      COPY_EACH(1);
    case 4:
      COPY_EACH(4);
    case 8:
      COPY_EACH(8);
    case 64:
      COPY_EACH(64);
    default:
      COPY_EACH(row_bytes);
  }
}

/* Picks from one slice [length, inner]. */
#define PICK(bytes)                                                                       \
  for (size_t i = 0; i < n; ++i) {                                                        \
    for (size_t c = 0; c < inner; ++c) {                                                  \
      size_t from = (size_t)indices[i * inner + c] * inner + c;                           \
      memcpy((char *)y + (i * inner + c) * (bytes), (const char *)x + from * (bytes), (bytes)); \
    }                                                                                     \
  }                                                                                       \
  return

static void pick(size_t n, size_t inner, size_t width, const int64_t *indices, const void *x,
                 void *y) {
  switch (width) {
    case 1:
      PICK(1);
    case 2:
      PICK(2);
    case 4:
      PICK(4);
    default:
      PICK(8);
  }
}

void tk_gather_axis(size_t outer, size_t length, size_t n, size_t inner, size_t width,
                    const int64_t *indices, const void *x, void *y) {
  for (size_t o = 0; o < outer; ++o) {
    pick(n, inner, width, indices + o * n * inner, (const char *)x + o * length * inner * width,
         (char *)y + o * n * inner * width);
  }
}
