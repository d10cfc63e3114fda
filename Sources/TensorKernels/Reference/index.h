/* The kernels of tk_index.h that add, as a template; see types.h. Those that only move elements
 * are in index.c. */
#include <stddef.h>
#include <stdint.h>

/* Through WIDE, whose sums wrap around for whole numbers. */
#undef ADD_TO
#if TK_IS_REAL
#define ADD_TO(y, x) ((y) += (x))
#else
#define ADD_TO(y, x) ((y) = (REAL)((WIDE)(y) + (WIDE)(x)))
#endif

static void T(scatter_add_rows)(size_t n, size_t columns, const int64_t *indices, const void *x,
                                void *table) {
  for (size_t i = 0; i < n; ++i) {
    const REAL *in = (const REAL *)x + i * columns;
    REAL *out = (REAL *)table + (size_t)indices[i] * columns;
    for (size_t c = 0; c < columns; ++c) ADD_TO(out[c], in[c]);
  }
}

static void T(scatter_add_axis)(size_t outer, size_t length, size_t n, size_t inner,
                                const int64_t *indices, const void *x_, void *y_) {
  const REAL *x = x_;
  REAL *y = y_;
  for (size_t o = 0; o < outer; ++o, y += length * inner) {
    for (size_t i = 0; i < n; ++i, x += inner, indices += inner) {
      for (size_t c = 0; c < inner; ++c) ADD_TO(y[(size_t)indices[c] * inner + c], x[c]);
    }
  }
}
