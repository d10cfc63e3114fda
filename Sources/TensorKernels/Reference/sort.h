/* The kernels of tk_sort.h, as a template; see types.h.
 *
 * An element becomes a key: a whole number without sign that is smaller the earlier the element
 * stands in the wanted order. Equal elements have equal keys: +0 and -0 share one, and all NaN. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#undef KEY
#if defined(TK_TYPE_F32) || defined(TK_TYPE_I32)
#define KEY uint32_t
#elif defined(TK_TYPE_U8)
#define KEY uint8_t
#else
#define KEY uint64_t
#endif

static inline KEY T(sort_key)(REAL v, int descending) {
  KEY key;
#if TK_IS_REAL
  v += 0; /* -0 + 0 = +0 */
  memcpy(&key, &v, sizeof key);
  const KEY sign = (KEY)1 << (8 * sizeof(KEY) - 1);
  /* Negative numbers: the larger their bits, the earlier. */
  key = key & sign ? ~key : key | sign;
  if (v != v) key = (KEY)-1;
#elif TK_IS_SIGNED
  key = (KEY)v ^ (KEY)((KEY)1 << (8 * sizeof(KEY) - 1));
#else
  key = v;
#endif
  return descending ? (KEY)~key : key;
}

#ifndef TK_SORT_SHORT
/* Below this a radix sort would spend its time on 256 buckets a byte. */
#define TK_SORT_SHORT 48
#define TK_SORT_BUCKETS 256
/* Elements of which none may be wanted; looked at together. */
#define TK_TOP_K_BLOCK 32
/* Up to this share of a row a heap costs less than sorting all. */
#define TK_TOP_K_SHARE 32
#endif

static void T(insertion_sort)(size_t n, int descending, const REAL *x, int64_t *positions) {
  KEY keys[TK_SORT_SHORT];
  for (size_t i = 0; i < n; ++i) {
    KEY key = T(sort_key)(x[i], descending);
    size_t to = i;
    for (; to > 0 && keys[to - 1] > key; --to) {
      keys[to] = keys[to - 1];
      positions[to] = positions[to - 1];
    }
    keys[to] = key;
    positions[to] = (int64_t)i;
  }
}

/* One pass a byte of the key, the lowest first; each keeps the order of the pass before. */
static void T(radix_sort)(size_t n, int descending, const REAL *x, int64_t *positions,
                          int64_t *other) {
  size_t counts[sizeof(KEY)][TK_SORT_BUCKETS];
  memset(counts, 0, sizeof counts);
  KEY key = 0;
  for (size_t i = 0; i < n; ++i) {
    key = T(sort_key)(x[i], descending);
    for (size_t byte = 0; byte < sizeof(KEY); ++byte) ++counts[byte][(key >> (8 * byte)) & 255];
    positions[i] = (int64_t)i;
  }
  int64_t *from = positions;
  int64_t *to = other;
  for (size_t byte = 0; byte < sizeof(KEY); ++byte) {
    size_t *starts = counts[byte];
    /* A byte that all keys share decides nothing. */
    if (starts[(key >> (8 * byte)) & 255] == n) continue;
    size_t start = 0;
    for (size_t bucket = 0; bucket < TK_SORT_BUCKETS; ++bucket) {
      size_t count = starts[bucket];
      starts[bucket] = start;
      start += count;
    }
    for (size_t i = 0; i < n; ++i) {
      key = T(sort_key)(x[from[i]], descending);
      to[starts[(key >> (8 * byte)) & 255]++] = from[i];
    }
    int64_t *sorted = to;
    to = from;
    from = sorted;
  }
  if (from != positions) memcpy(positions, from, n * sizeof *positions);
}

static void T(sort)(size_t rows, size_t columns, int32_t descending, const void *x_, void *values_,
                    int64_t *positions, int64_t *workspace) {
  for (size_t r = 0; r < rows; ++r, positions += columns) {
    const REAL *x = (const REAL *)x_ + r * columns;
    REAL *values = (REAL *)values_ + r * columns;
    if (columns < TK_SORT_SHORT) {
      T(insertion_sort)(columns, descending, x, positions);
    } else {
      T(radix_sort)(columns, descending, x, positions, workspace);
    }
    /* From a copy, since x may be values. */
    memcpy(workspace, x, columns * sizeof(REAL));
    const char *copy = (const char *)workspace;
    for (size_t c = 0; c < columns; ++c) {
      memcpy(values + c, copy + (size_t)positions[c] * sizeof(REAL), sizeof(REAL));
    }
  }
}

/* A heap of the k first so far, the last of them on top: positions in order of (key, position). */
static inline int T(stands_after)(const uint64_t *keys, const int64_t *at, size_t a, size_t b) {
  return keys[a] != keys[b] ? keys[a] > keys[b] : at[a] > at[b];
}

/* Puts (key, position) in the place of the top of a heap of n. */
static void T(replace_top)(size_t n, uint64_t *keys, int64_t *at, uint64_t key, int64_t position) {
  size_t hole = 0;
  for (size_t child = 1; child < n; child = 2 * hole + 1) {
    if (child + 1 < n && T(stands_after)(keys, at, child + 1, child)) ++child;
    if (key != keys[child] ? key > keys[child] : position > at[child]) break;
    keys[hole] = keys[child];
    at[hole] = at[child];
    hole = child;
  }
  keys[hole] = key;
  at[hole] = position;
}

/* Whether an element of the block stands before `last`; without a branch inside, so that the
 * compiler vectorises. */
static inline int T(block_has_before)(KEY last, int descending, const REAL *x) {
  KEY found = 0;
  for (size_t c = 0; c < TK_TOP_K_BLOCK; ++c) {
    found |= (KEY)(T(sort_key)(x[c], descending) < last ? 1 : 0);
  }
  return found != 0;
}

static void T(top_k_row)(size_t columns, size_t k, int descending, const REAL *x, REAL *values,
                         int64_t *positions, uint64_t *keys, int64_t *at) {
  /* The first k as they stand, with the largest possible key: each is replaced by a real element,
   * whatever its key, before any other. */
  for (size_t i = 0; i < k; ++i) {
    keys[i] = UINT64_MAX;
    at[i] = INT64_MAX;
  }
  for (size_t i = 0; i < k; ++i) {
    T(replace_top)(k, keys, at, T(sort_key)(x[i], descending), (int64_t)i);
  }
  for (size_t i = k; i < columns; i += TK_TOP_K_BLOCK) {
    int whole = columns - i >= TK_TOP_K_BLOCK;
    if (whole && !T(block_has_before)((KEY)keys[0], descending, x + i)) continue;
    size_t end = whole ? i + TK_TOP_K_BLOCK : columns;
    for (size_t c = i; c < end; ++c) {
      uint64_t key = T(sort_key)(x[c], descending);
      /* An equal key stands later and is not wanted. */
      if (key < keys[0]) T(replace_top)(k, keys, at, key, (int64_t)c);
    }
  }
  for (size_t left = k; left > 0; --left) {
    positions[left - 1] = at[0];
    values[left - 1] = x[at[0]];
    T(replace_top)(left - 1, keys, at, keys[left - 1], at[left - 1]);
  }
}

/* All sorted, the first k copied. */
static void T(top_k_sorted)(size_t columns, size_t k, int descending, const REAL *x, REAL *values,
                            int64_t *positions, int64_t *workspace) {
  T(radix_sort)(columns, descending, x, workspace, workspace + columns);
  memcpy(positions, workspace, k * sizeof *positions);
  for (size_t i = 0; i < k; ++i) values[i] = x[positions[i]];
}

static void T(top_k)(size_t rows, size_t columns, size_t k, int32_t largest, const void *x_,
                     void *values_, int64_t *positions, int64_t *workspace) {
  if (k == 0) return;
  for (size_t r = 0; r < rows; ++r, positions += k) {
    const REAL *x = (const REAL *)x_ + r * columns;
    REAL *values = (REAL *)values_ + r * k;
    /* Elements enter the heap about k log(columns / k) times, at log k steps each. */
    if (k > columns / TK_TOP_K_SHARE && columns >= TK_SORT_SHORT) {
      T(top_k_sorted)(columns, k, largest, x, values, positions, workspace);
    } else {
      T(top_k_row)(columns, k, largest, x, values, positions, (uint64_t *)workspace,
                   workspace + columns);
    }
  }
}
