/* The caching allocator of tk_cache.h.
 *
 * Small blocks come from malloc, whose own per-thread cache is as fast as any; its 16-byte alignment is
 * rounded up by hand, since aligned_alloc leaves that cache. Larger ones have a list a size class:
 * four bits of mantissa below the leading one, so 8 classes an octave. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* madvise */
#endif
#include "include/tk_cache.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

enum {
  LINE = 64,
  /* With a line of padding this is the largest that malloc's per-thread cache keeps (1,032 bytes). */
  SMALL_BYTES = 896,
  /* From here on a block is worth huge pages: one fault and one TLB entry instead of 512. */
  HUGE_PAGE = 2 << 20,
  /* Kept whatever was in use before: a few results of one size after the other are the rule. */
  KEPT_AT_LEAST = 64 << 20,
  OCTAVES = 38, /* up to 2^48 bytes: all that an address space has */
  CLASSES = OCTAVES * 8
};

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TK_CACHE_KEEPS 0
#endif
#endif
#ifndef TK_CACHE_KEEPS
#define TK_CACHE_KEEPS 1
#endif

/* A kept block holds the link to the next one of its class in its first bytes. */
typedef struct kept_block {
  struct kept_block *next;
} kept_block;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static kept_block *lists[CLASSES];
/* When a block of a class was last taken or given, counted in such calls. */
static uint64_t last_use[CLASSES];
static uint64_t uses;
static size_t kept_bytes;
static size_t used_bytes;
static size_t most_used_bytes;

/* The class of a size above SMALL_BYTES: its leading bit, and the three bits below it rounded up. */
static size_t class_of(size_t bytes, size_t *block_bytes) {
  size_t octave = 63 - (size_t)__builtin_clzll((unsigned long long)bytes);
  size_t step = (size_t)1 << (octave - 3);
  size_t rounded = (bytes + step - 1) & ~(step - 1);
  size_t leading = 63 - (size_t)__builtin_clzll((unsigned long long)rounded);
  *block_bytes = rounded;
  return (leading - 9) * 8 + ((rounded >> (leading - 3)) & 7);
}

size_t tk_cache_block_bytes(size_t bytes) {
  if (bytes <= SMALL_BYTES) return bytes == 0 ? LINE : (bytes + LINE - 1) / LINE * LINE;
  size_t block;
  class_of(bytes, &block);
  return block;
}

/* The block begins at the next line of what malloc gave, whose address stands right before it. */
static void *take_small(size_t bytes) {
  char *raw = malloc(bytes + LINE + sizeof(void *));
  if (raw == NULL) return NULL;
  char *block = (char *)(((uintptr_t)raw + sizeof(void *) + LINE - 1) / LINE * LINE);
  memcpy(block - sizeof(void *), &raw, sizeof raw);
  return block;
}

static void give_small(char *block) {
  void *raw;
  memcpy(&raw, block - sizeof(void *), sizeof raw);
  free(raw);
}

static void *take_from_system(size_t block_bytes) {
  size_t alignment = block_bytes >= HUGE_PAGE ? HUGE_PAGE : LINE;
  void *block = NULL;
  if (posix_memalign(&block, alignment, block_bytes) != 0) return NULL;
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (block_bytes >= HUGE_PAGE) (void)madvise(block, block_bytes, MADV_HUGEPAGE);
#endif
  return block;
}

void *tk_cache_take(size_t bytes) {
  if (bytes <= SMALL_BYTES) return take_small(tk_cache_block_bytes(bytes));
  if (bytes >= (size_t)1 << 47) return NULL;
  size_t block_bytes;
  size_t number = class_of(bytes, &block_bytes);
  pthread_mutex_lock(&lock);
  kept_block *kept = lists[number];
  if (kept != NULL) {
    lists[number] = kept->next;
    kept_bytes -= block_bytes;
  }
  last_use[number] = ++uses;
  used_bytes += block_bytes;
  if (used_bytes > most_used_bytes) most_used_bytes = used_bytes;
  pthread_mutex_unlock(&lock);
  if (kept != NULL) return kept;
  void *block = take_from_system(block_bytes);
  if (block == NULL) {
    tk_cache_trim();
    block = take_from_system(block_bytes);
  }
  if (block == NULL) {
    pthread_mutex_lock(&lock);
    used_bytes -= block_bytes;
    pthread_mutex_unlock(&lock);
  }
  return block;
}

/* Bytes of a block of a class: the inverse of class_of. */
static size_t bytes_of_class(size_t number) {
  return ((size_t)8 + number % 8) << (number / 8 + 6);
}

/* Takes a block out of the list whose class was not used for the longest time. */
static kept_block *oldest_kept(void) {
  size_t oldest = CLASSES;
  for (size_t number = 0; number < CLASSES; ++number) {
    if (lists[number] != NULL && (oldest == CLASSES || last_use[number] < last_use[oldest])) {
      oldest = number;
    }
  }
  if (oldest == CLASSES) return NULL;
  kept_block *block = lists[oldest];
  lists[oldest] = block->next;
  kept_bytes -= bytes_of_class(oldest);
  return block;
}

static void free_all(kept_block *blocks) {
  while (blocks != NULL) {
    kept_block *next = blocks->next;
    free(blocks);
    blocks = next;
  }
}

void tk_cache_give(void *block, size_t bytes) {
  if (bytes <= SMALL_BYTES) {
    give_small(block);
    return;
  }
  size_t block_bytes;
  size_t number = class_of(bytes, &block_bytes);
  kept_block *given = block;
  kept_block *gone = NULL;
  pthread_mutex_lock(&lock);
  used_bytes -= block_bytes;
  last_use[number] = ++uses;
  size_t most = most_used_bytes > KEPT_AT_LEAST ? most_used_bytes : (size_t)KEPT_AT_LEAST;
  if (TK_CACHE_KEEPS && block_bytes <= most) {
    given->next = lists[number];
    lists[number] = given;
    kept_bytes += block_bytes;
    /* Sizes that nobody asks for any more make room for those that are in use. */
    while (kept_bytes > most) {
      kept_block *old = oldest_kept();
      old->next = gone;
      gone = old;
    }
  } else {
    given->next = NULL;
    gone = given;
  }
  pthread_mutex_unlock(&lock);
  free_all(gone);
}

int tk_cache_keeps(void) { return TK_CACHE_KEEPS; }

size_t tk_cache_kept_bytes(void) {
  pthread_mutex_lock(&lock);
  size_t bytes = kept_bytes;
  pthread_mutex_unlock(&lock);
  return bytes;
}

void tk_cache_trim(void) {
  kept_block *all = NULL;
  pthread_mutex_lock(&lock);
  for (size_t number = 0; number < CLASSES; ++number) {
    while (lists[number] != NULL) {
      kept_block *block = lists[number];
      lists[number] = block->next;
      block->next = all;
      all = block;
    }
  }
  kept_bytes = 0;
  /* What is kept from now on is measured by what is used from now on. */
  most_used_bytes = used_bytes;
  pthread_mutex_unlock(&lock);
  free_all(all);
}
