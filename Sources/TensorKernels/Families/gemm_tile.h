/* The innermost loops of the product: a tile of C in registers.
 *
 * A tile is up to TK_GEMM_ROWS rows by TK_GEMM_VECTORS vectors. Every element of C is one chain of
 * multiply-adds, over p = 0 ..< K in order, that begins with zero or with C. A chain may be stored
 * and taken up again, so neither blocks of K, nor the shape of a tile, nor the split among threads
 * can change a bit of it. */

/* What a tile reads and writes. B is read as `vectors` whole vectors a step, b_row apart. Of C's
 * last vector only `tail` lanes exist (TK_LANES: all). */
typedef struct gemm_tile {
  size_t depth;
  const float *a;
  size_t a_step;
  const float *b;
  size_t b_row;
  float *c;
  size_t c_row;
  size_t tail;
  int add;
  /* What will be read soon: two lines, next_step further every four steps. Any address will do. */
  const float *next;
  size_t next_step;
} gemm_tile;

typedef void (*gemm_tile_fn)(const gemm_tile *tile);

/* Rows of A that share a pointer: a machine address adds 0, 1 or 2 row steps to it for free, and a
 * pointer a row would not fit in the 16 integer registers. */
#define GEMM_POINTER_ROWS 3
#define GEMM_POINTERS ((TK_GEMM_ROWS + GEMM_POINTER_ROWS - 1) / GEMM_POINTER_ROWS)

#define GEMM_INLINE static inline __attribute__((always_inline))

/* Emits no instruction, but hides from the compiler how a pointer came about: it would derive each
 * row's from the one before, keep all of them, and spill sums (measured: 170 of 280 GFLOP/s). */
#define GEMM_KEEP_POINTER(p) __asm__("" : "+r"(p))

/* Row i, the u-th step from where the pointers stand. */
GEMM_INLINE float gemm_tile_a(const float *const *at, size_t a_step, int by_rows, size_t i,
                              size_t u) {
  return by_rows ? at[i / GEMM_POINTER_ROWS][i % GEMM_POINTER_ROWS * a_step + u]
                 : at[0][u * a_step + i];
}

GEMM_INLINE void gemm_tile_step(size_t rows, size_t vectors, vf sums[][TK_GEMM_VECTORS],
                                const float *const *at, size_t a_step, int by_rows, size_t u,
                                const float *b) {
  vf columns[TK_GEMM_VECTORS];
#pragma clang loop unroll(full)
  for (size_t j = 0; j < vectors; ++j) columns[j] = v_load(b + j * TK_LANES);
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; ++i) {
    vf row = v_splat(gemm_tile_a(at, a_step, by_rows, i, u));
#pragma clang loop unroll(full)
    for (size_t j = 0; j < vectors; ++j) sums[i][j] += row * columns[j];
  }
}

/* by_rows: element (i, p) of A at a[i * a_step + p], else at a[p * a_step + i]. Compiled for each
 * number of rows and vectors, so that the sums are registers. */
GEMM_INLINE void gemm_tile_run(size_t rows, size_t vectors, int by_rows, const gemm_tile *tile) {
  vf sums[TK_GEMM_ROWS][TK_GEMM_VECTORS];
  float *c = tile->c;
  size_t c_row = tile->c_row;
  size_t tail = tile->tail;
  size_t last = vectors - 1;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; ++i) {
#pragma clang loop unroll(full)
    for (size_t j = 0; j < vectors; ++j) sums[i][j] = v_zero();
  }
  if (tile->add) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; ++i) {
      const float *at = c + i * c_row;
#pragma clang loop unroll(full)
      for (size_t j = 0; j < last; ++j) sums[i][j] = v_load(at + j * TK_LANES);
      at += last * TK_LANES;
      sums[i][last] = tail == TK_LANES ? v_load(at) : v_load_tail(at, tail, 0.0f);
    }
  } else {
    /* Asks for the lines of C early: stores at the end would wait for them. */
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; ++i) {
#pragma clang loop unroll(full)
      for (size_t j = 0; j < vectors * TK_LANES; j += 16) __builtin_prefetch(c + i * c_row + j, 1);
    }
  }

  const float *at[GEMM_POINTERS];
  size_t a_step = tile->a_step;
  size_t pointers = by_rows ? (rows + GEMM_POINTER_ROWS - 1) / GEMM_POINTER_ROWS : 1;
#pragma clang loop unroll(full)
  for (size_t g = 0; g < pointers; ++g) {
    at[g] = tile->a + g * GEMM_POINTER_ROWS * a_step;
    GEMM_KEEP_POINTER(at[g]);
  }
  const float *b = tile->b;
  size_t b_row = tile->b_row;
  const float *next = tile->next;
  size_t next_step = tile->next_step;
  size_t left = tile->depth;
  for (; left >= 4; left -= 4) {
    __builtin_prefetch(next);
    __builtin_prefetch(next + 16);
    next += next_step;
#pragma clang loop unroll(full)
    for (size_t u = 0; u < 4; ++u) {
      gemm_tile_step(rows, vectors, sums, at, a_step, by_rows, u, b + u * b_row);
    }
#pragma clang loop unroll(full)
    for (size_t g = 0; g < pointers; ++g) {
      at[g] += by_rows ? 4 : 4 * a_step;
      GEMM_KEEP_POINTER(at[g]);
    }
    b += 4 * b_row;
  }
  for (; left > 0; --left) {
    gemm_tile_step(rows, vectors, sums, at, a_step, by_rows, 0, b);
#pragma clang loop unroll(full)
    for (size_t g = 0; g < pointers; ++g) at[g] += by_rows ? 1 : a_step;
    b += b_row;
  }

#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows; ++i) {
    float *to = c + i * c_row;
#pragma clang loop unroll(full)
    for (size_t j = 0; j < last; ++j) v_store(to + j * TK_LANES, sums[i][j]);
    to += last * TK_LANES;
    if (tail == TK_LANES) {
      v_store(to, sums[i][last]);
    } else {
      v_store_tail(to, tail, sums[i][last]);
    }
  }
}

/* gemm_tile_4_2_by_rows and so on. */
#define GEMM_DEFINE_TILE(rows, vectors)                                              \
  static void gemm_tile_##rows##_##vectors##_by_rows(const gemm_tile *tile) {        \
    gemm_tile_run(rows, vectors, 1, tile);                                           \
  }                                                                                  \
  static void gemm_tile_##rows##_##vectors##_by_columns(const gemm_tile *tile) {     \
    gemm_tile_run(rows, vectors, 0, tile);                                           \
  }
#define GEMM_ENTER_TILE(rows, vectors)                                               \
  [rows - 1][vectors - 1] = {gemm_tile_##rows##_##vectors##_by_columns,              \
                             gemm_tile_##rows##_##vectors##_by_rows},

#if TK_GEMM_VECTORS != 2
#error "gemm_tile.h lists tiles of one and two vectors"
#endif
#define GEMM_EACH_WIDTH(what, rows) what(rows, 1) what(rows, 2)
#define GEMM_EACH_TO_4(what)                                              \
  GEMM_EACH_WIDTH(what, 1) GEMM_EACH_WIDTH(what, 2)                       \
  GEMM_EACH_WIDTH(what, 3) GEMM_EACH_WIDTH(what, 4)
#define GEMM_EACH_TO_6(what) \
  GEMM_EACH_TO_4(what) GEMM_EACH_WIDTH(what, 5) GEMM_EACH_WIDTH(what, 6)
#define GEMM_EACH_TO_14(what)                                             \
  GEMM_EACH_TO_6(what)                                                    \
  GEMM_EACH_WIDTH(what, 7) GEMM_EACH_WIDTH(what, 8)                       \
  GEMM_EACH_WIDTH(what, 9) GEMM_EACH_WIDTH(what, 10)                      \
  GEMM_EACH_WIDTH(what, 11) GEMM_EACH_WIDTH(what, 12)                     \
  GEMM_EACH_WIDTH(what, 13) GEMM_EACH_WIDTH(what, 14)
#if TK_GEMM_ROWS == 4
#define GEMM_EACH_TILE GEMM_EACH_TO_4
#elif TK_GEMM_ROWS == 6
#define GEMM_EACH_TILE GEMM_EACH_TO_6
#elif TK_GEMM_ROWS == 14
#define GEMM_EACH_TILE GEMM_EACH_TO_14
#else
#error "gemm_tile.h lists tiles of up to 4, 6 or 14 rows"
#endif

GEMM_EACH_TILE(GEMM_DEFINE_TILE)

/* [rows - 1][vectors - 1][by_rows] */
static const gemm_tile_fn gemm_tiles[TK_GEMM_ROWS][TK_GEMM_VECTORS][2] = {
    GEMM_EACH_TILE(GEMM_ENTER_TILE)};
