/* Moving and converting elements: tk_bytes.h. */
#include <string.h>

#include "include/TensorKernels.h"

/* An axis of a copy: its length and the distance of neighbours in elements of x and of y. */
typedef struct axis {
  size_t count;
  int64_t from;
  int64_t to;
} axis;

/* The axes without those of length 1, neighbours that are one run in x joined. Returns how many are
 * left, or -1 where there is nothing to copy. */
static int32_t join_axes(size_t rank, const int64_t *shape, const int64_t *steps, axis *axes) {
  int32_t count = 0;
  int64_t to = 1;
  /* From the last axis on, so that axes[0] is the innermost. */
  for (size_t k = rank; k-- > 0;) {
    if (shape[k] == 0) return -1;
    if (shape[k] == 1) continue;
    axis *inner = count > 0 ? &axes[count - 1] : NULL;
    if (inner && steps[k] == inner->from * (int64_t)inner->count) {
      inner->count *= (size_t)shape[k];
    } else {
      axes[count++] = (axis){.count = (size_t)shape[k], .from = steps[k], .to = to};
    }
    to *= shape[k];
  }
  return count;
}

/* The bytes of one line of the cache: the side of a tile. */
enum { LINE = 64 };

/* One tile y[i, j] = x[i + j * from], through a buffer: both sides are read and written by whole
 * lines, also where their distance is a power of two and all lines of a tile compete for one set of
 * the first cache. */
#define TRANSPOSE_TILE(TYPE)                                                            \
  static void transpose_tile_##TYPE(const TYPE *x, int64_t from, TYPE *y, int64_t to) { \
    enum { SIDE = LINE / sizeof(TYPE) };                                                \
    TYPE tile[SIDE][SIDE];                                                              \
    for (int64_t j = 0; j < SIDE; ++j) {                                                \
      for (int64_t i = 0; i < SIDE; ++i) tile[i][j] = x[j * from + i];                  \
    }                                                                                   \
    for (int64_t i = 0; i < SIDE; ++i) memcpy(y + i * to, tile[i], LINE);               \
  }

TRANSPOSE_TILE(uint8_t)
TRANSPOSE_TILE(uint16_t)
TRANSPOSE_TILE(uint64_t)

typedef uint32_t quad __attribute__((vector_size(16)));

/* Width 4, the usual one, by 4 x 4 blocks in registers. */
static void transpose_tile_uint32_t(const uint32_t *x, int64_t from, uint32_t *y, int64_t to) {
  quad tile[16][4];
  for (int64_t j = 0; j < 4; ++j) {
    for (int64_t i = 0; i < 4; ++i) {
      quad a, b, c, d;
      memcpy(&a, x + (4 * j + 0) * from + 4 * i, sizeof a);
      memcpy(&b, x + (4 * j + 1) * from + 4 * i, sizeof b);
      memcpy(&c, x + (4 * j + 2) * from + 4 * i, sizeof c);
      memcpy(&d, x + (4 * j + 3) * from + 4 * i, sizeof d);
      quad ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
      quad ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
      quad cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
      quad cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
      tile[4 * i + 0][j] = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
      tile[4 * i + 1][j] = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
      tile[4 * i + 2][j] = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
      tile[4 * i + 3][j] = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
    }
  }
  for (int64_t i = 0; i < 16; ++i) memcpy(y + i * to, tile[i], LINE);
}

/* y[i * to + j] = x[i + j * from] for i < rows, j < columns. */
#define TRANSPOSE(TYPE)                                                                    \
  static void transpose_##TYPE(int64_t rows, int64_t columns, const TYPE *x, int64_t from, \
                               TYPE *y, int64_t to) {                                      \
    enum { SIDE = LINE / sizeof(TYPE) };                                                   \
    for (int64_t i0 = 0; i0 < rows; i0 += SIDE) {                                          \
      int64_t i1 = i0 + SIDE < rows ? i0 + SIDE : rows;                                    \
      for (int64_t j0 = 0; j0 < columns; j0 += SIDE) {                                     \
        int64_t j1 = j0 + SIDE < columns ? j0 + SIDE : columns;                            \
        if (i1 - i0 == SIDE && j1 - j0 == SIDE) {                                          \
          transpose_tile_##TYPE(x + j0 * from + i0, from, y + i0 * to + j0, to);           \
          continue;                                                                        \
        }                                                                                  \
        for (int64_t i = i0; i < i1; ++i) {                                                \
          for (int64_t j = j0; j < j1; ++j) y[i * to + j] = x[j * from + i];               \
        }                                                                                  \
      }                                                                                    \
    }                                                                                      \
  }

/* One run of y: the innermost axis. */
#define COPY_RUN(TYPE)                                                    \
  static void copy_run_##TYPE(axis a, const TYPE *x, TYPE *y) {           \
    if (a.from == 1) {                                                    \
      memcpy(y, x, a.count * sizeof(TYPE));                               \
    } else if (a.from == 0) {                                             \
      const TYPE value = *x;                                              \
      for (size_t i = 0; i < a.count; ++i) y[i] = value;                  \
    } else {                                                              \
      for (size_t i = 0; i < a.count; ++i) y[i] = x[(int64_t)i * a.from]; \
    }                                                                     \
  }

/* All positions of the first `count` axes. Where `lines` is not 0, that axis is transposed with the
 * innermost one instead of being walked. */
#define COPY_AXES(TYPE)                                                                       \
  static void copy_axes_##TYPE(int32_t count, const axis *axes, int32_t lines, const TYPE *x, \
                               TYPE *y) {                                                     \
    if (count == 0) {                                                                         \
      y[0] = x[0];                                                                            \
    } else if (count == 1 && lines != 0) {                                                    \
      transpose_##TYPE((int64_t)axes[lines].count, (int64_t)axes[0].count, x, axes[0].from,   \
                       y, axes[lines].to);                                                    \
    } else if (count == 1) {                                                                  \
      copy_run_##TYPE(axes[0], x, y);                                                         \
    } else {                                                                                  \
      const axis *outer = &axes[count - 1];                                                   \
      size_t steps = count - 1 == lines ? 1 : outer->count;                                   \
      for (size_t i = 0; i < steps; ++i) {                                                    \
        copy_axes_##TYPE(count - 1, axes, lines, x + (int64_t)i * outer->from,                \
                         y + (int64_t)i * outer->to);                                         \
      }                                                                                       \
    }                                                                                         \
  }

#define COPY(TYPE) TRANSPOSE(TYPE) COPY_RUN(TYPE) COPY_AXES(TYPE)

COPY(uint8_t)
COPY(uint16_t)
COPY(uint32_t)
COPY(uint64_t)

void tk_copy_strided(size_t rank, const int64_t *shape, const int64_t *steps, size_t width,
                     const void *x, void *y) {
  axis axes[TK_MAX_RANK];
  int32_t count = join_axes(rank, shape, steps, axes);
  if (count < 0) return;
  /* Where the innermost axis strides over x and another runs along it, the two are a transpose. */
  int32_t lines = 0;
  for (int32_t k = 1; k < count && axes[0].from != 1 && axes[0].from != 0; ++k) {
    if (axes[k].from == 1) lines = k;
  }
  switch (width) {
    case 1:
      copy_axes_uint8_t(count, axes, lines, x, y);
      break;
    case 2:
      copy_axes_uint16_t(count, axes, lines, x, y);
      break;
    case 4:
      copy_axes_uint32_t(count, axes, lines, x, y);
      break;
    default:
      copy_axes_uint64_t(count, axes, lines, x, y);
  }
}

/* One loop for each pair of steps, so that each is vectorised. */
#define SELECT(TYPE)                                                                     \
  static void select_##TYPE(size_t n, const uint8_t *mask, const TYPE *a, size_t a_step, \
                            const TYPE *b, size_t b_step, TYPE *y) {                     \
    if (n == 0) return;                                                                  \
    const TYPE first = *a;                                                               \
    const TYPE second = *b;                                                              \
    if (a_step != 0 && b_step != 0) {                                                    \
      for (size_t i = 0; i < n; ++i) {                                                   \
        TYPE yes = a[i], no = b[i];                                                      \
        y[i] = mask[i] ? yes : no;                                                       \
      }                                                                                  \
    } else if (a_step != 0) {                                                            \
      for (size_t i = 0; i < n; ++i) {                                                   \
        TYPE yes = a[i];                                                                 \
        y[i] = mask[i] ? yes : second;                                                   \
      }                                                                                  \
    } else if (b_step != 0) {                                                            \
      for (size_t i = 0; i < n; ++i) {                                                   \
        TYPE no = b[i];                                                                  \
        y[i] = mask[i] ? first : no;                                                     \
      }                                                                                  \
    } else {                                                                             \
      for (size_t i = 0; i < n; ++i) y[i] = mask[i] ? first : second;                    \
    }                                                                                    \
  }

SELECT(uint8_t)
SELECT(uint16_t)
SELECT(uint32_t)
SELECT(uint64_t)

void tk_select(size_t n, size_t width, const uint8_t *mask, const void *a, size_t a_step,
               const void *b, size_t b_step, void *y) {
  switch (width) {
    case 1:
      select_uint8_t(n, mask, a, a_step, b, b_step, y);
      break;
    case 2:
      select_uint16_t(n, mask, a, a_step, b, b_step, y);
      break;
    case 4:
      select_uint32_t(n, mask, a, a_step, b, b_step, y);
      break;
    default:
      select_uint64_t(n, mask, a, a_step, b, b_step, y);
  }
}

void tk_fill(size_t n, size_t width, const void *value, void *y) {
  const axis run = {.count = n, .from = 0, .to = 1};
  if (n == 0) return;
  switch (width) {
    case 1:
      memset(y, *(const uint8_t *)value, n);
      break;
    case 2:
      copy_run_uint16_t(run, value, y);
      break;
    case 4:
      copy_run_uint32_t(run, value, y);
      break;
    default:
      copy_run_uint64_t(run, value, y);
  }
}

/* Floating point to whole numbers: NaN to 0, the rest cut, then held within the range. `end` is the
 * first number above it. */
#define CUT(TYPE, name, FROM, low, end, first, last)                     \
  static inline TYPE name(FROM v) {                                      \
    return v >= end ? last : (v > low ? (TYPE)v : (v != v ? 0 : first)); \
  }

CUT(int32_t, cut_f32_i32, float, -0x1p31f, 0x1p31f, INT32_MIN, INT32_MAX)
CUT(int64_t, cut_f32_i64, float, -0x1p63f, 0x1p63f, INT64_MIN, INT64_MAX)
CUT(uint8_t, cut_f32_u8, float, 0.0f, 0x1p8f, 0, UINT8_MAX)
CUT(int32_t, cut_f64_i32, double, -0x1p31, 0x1p31, INT32_MIN, INT32_MAX)
CUT(int64_t, cut_f64_i64, double, -0x1p63, 0x1p63, INT64_MIN, INT64_MAX)
CUT(uint8_t, cut_f64_u8, double, 0.0, 0x1p8, 0, UINT8_MAX)

#define CAST_LOOP(FROM, TO, expression) \
  {                                     \
    const FROM *from_x = x;             \
    TO *to_y = y;                       \
    for (size_t i = 0; i < n; ++i) {    \
      FROM v = from_x[i];               \
      to_y[i] = (TO)(expression);       \
    }                                   \
    return 0;                           \
  }

/* From one type to all; the last three say how it becomes a whole number. */
#define CAST_FROM(name, FROM, as_i32, as_i64, as_u8)                         \
  static int32_t cast_##name(size_t n, int32_t to, const void *x, void *y) { \
    switch (to) {                                                            \
      case TK_F32: CAST_LOOP(FROM, float, v)                                 \
      case TK_F64: CAST_LOOP(FROM, double, v)                                \
      case TK_I32: CAST_LOOP(FROM, int32_t, as_i32(v))                       \
      case TK_I64: CAST_LOOP(FROM, int64_t, as_i64(v))                       \
      case TK_U8: CAST_LOOP(FROM, uint8_t, as_u8(v))                         \
      case TK_BOOL: CAST_LOOP(FROM, uint8_t, v != 0)                         \
      default: return -1;                                                    \
    }                                                                        \
  }

#define KEEP(v) (v)
CAST_FROM(f32, float, cut_f32_i32, cut_f32_i64, cut_f32_u8)
CAST_FROM(f64, double, cut_f64_i32, cut_f64_i64, cut_f64_u8)
CAST_FROM(i32, int32_t, KEEP, KEEP, KEEP)
CAST_FROM(i64, int64_t, KEEP, KEEP, KEEP)
CAST_FROM(u8, uint8_t, KEEP, KEEP, KEEP)

int32_t tk_cast(size_t n, int32_t from, int32_t to, const void *x, void *y) {
  switch (from) {
    case TK_F32:
      return cast_f32(n, to, x, y);
    case TK_F64:
      return cast_f64(n, to, x, y);
    case TK_I32:
      return cast_i32(n, to, x, y);
    case TK_I64:
      return cast_i64(n, to, x, y);
    case TK_U8:
    case TK_BOOL:
      return cast_u8(n, to, x, y);
    default:
      return -1;
  }
}
