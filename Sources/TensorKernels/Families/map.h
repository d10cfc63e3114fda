/* The loop of all elementwise kernels; binary.h and unary.h both include it. */
#ifndef TK_MAP_H
#define TK_MAP_H

/* How many elements lie before the first that a vector store finds aligned. */
static inline size_t v_until_aligned(const float *p) {
  return (0 - (uintptr_t)p) % TK_VECTOR_BYTES / sizeof(float);
}

/* Four vectors from position i on: all are loaded before the first is stored, since y may be an
 * operand as far as the compiler can tell. */
#define TK_FOUR(store, y, whole)               \
  {                                            \
    const size_t start = i;                    \
    vf first = whole;                          \
    i += TK_LANES;                             \
    vf second = whole;                         \
    i += TK_LANES;                             \
    vf third = whole;                          \
    i += TK_LANES;                             \
    vf fourth = whole;                         \
    i += TK_LANES;                             \
    store((y) + start, first);                 \
    store((y) + start + TK_LANES, second);     \
    store((y) + start + 2 * TK_LANES, third);  \
    store((y) + start + 3 * TK_LANES, fourth); \
  }

/* Sets y[0..<n]. `whole` is the vector of positions i..., `part` that of the last `left` ones, or,
 * before streaming stores, of the first: these need aligned addresses. */
#define TK_MAP(n, y, whole, part)                                       \
  do {                                                                  \
    size_t i = 0;                                                       \
    if ((n) >= TK_STREAM_BYTES / sizeof(float)) {                       \
      size_t left = v_until_aligned(y);                                 \
      if (left > 0) v_store_tail(y, left, part);                        \
      i = left;                                                         \
      while (i + 4 * TK_LANES <= (n)) TK_FOUR(v_stream, y, whole)       \
      v_stream_end();                                                   \
    } else {                                                            \
      while (i + 4 * TK_LANES <= (n)) TK_FOUR(v_store, y, whole)        \
    }                                                                   \
    for (; i + TK_LANES <= (n); i += TK_LANES) v_store((y) + i, whole); \
    if (i < (n)) {                                                      \
      size_t left = (n) - i;                                            \
      v_store_tail((y) + i, left, part);                                \
    }                                                                   \
  } while (0)

#endif
