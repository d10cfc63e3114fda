/* tk_unary.h: one number in, one number out.
 *
 * Arrays of function pointers, indexed by the operation, so that a caller needs no list of its own.
 * `alpha` is the parameter of the operations that have one and is ignored by the others. `y` may be
 * the same array as `x`; a gradient's `dx` may be `saved` or `dy`.
 *
 * NaN gives NaN. f32 results, over all floats: exp, log, tanh, erf, sin, cos within 2 ULP; sigmoid
 * 3; silu 4 or 2^-142, gelu 12 and gelu_tanh 8 or 2^-25, whichever is larger. */
#ifndef TK_UNARY_H
#define TK_UNARY_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/* A call of an elementwise f32 kernel (here and in tk_binary.h) that writes this much stores past
 * the caches: its result would push everything else out of them, and a store that first reads the
 * line it overwrites costs a third of the bandwidth. Below, the next kernel finds the result in the
 * cache. The kernel sees its own n only, so who cuts an array into pieces keeps them on the right
 * side: at least this many bytes each where the whole result has twice as many or more, fewer
 * otherwise. Measured on a Zen 5 with 32 MiB of L3: from 16 MiB on bypassing wins. */
enum { TK_STREAM_BYTES = 8 << 20 };

enum {
  /* name: y; (what the gradient reads: x, y, or nothing) dx */
  TK_NEGATE,     /* -x; (nothing) -dy */
  TK_SCALE,      /* alpha x; (nothing) alpha dy */
  TK_ABS,        /* |x|; (x) sign(x) dy, 0 at 0 */
  TK_EXP,        /* e^x; (y) dy y */
  TK_LOG,        /* ln x, -Inf at 0, NaN below; (x) dy / x */
  TK_SQRT,       /* (y) dy / 2y */
  TK_RSQRT,      /* 1 / sqrt(x); (y) -dy y^3 / 2 */
  TK_SIN,        /* (x) dy cos x */
  TK_COS,        /* (x) -dy sin x */
  TK_TANH,       /* (y) dy (1 - y^2) */
  TK_ERF,        /* (x) dy 2/sqrt(pi) e^(-x^2) */
  TK_SIGMOID,    /* 1 / (1 + e^-x); (y) dy y (1 - y) */
  TK_RELU,       /* max(x, 0), NaN stays NaN; (y) dy where y > 0, else 0 */
  TK_LEAKY_RELU, /* x where x > 0, else alpha x; (x) dy or alpha dy */
  TK_ELU,        /* x where x > 0, else alpha (e^x - 1); (x) dy or dy alpha e^x */
  /* These three are -0 at -Inf, their limit. */
  TK_GELU,       /* x (1 + erf(x / sqrt 2)) / 2; (x) */
  TK_GELU_TANH,  /* x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2; (x) */
  TK_SILU,       /* x sigmoid(x); (x) */
  TK_UNARY_COUNT
};

typedef void (*tk_unary_fn)(size_t n, double alpha, const void *x, void *y);
typedef void (*tk_unary_gradient_fn)(size_t n, double alpha, const void *_Nullable saved,
                                     const void *dy, void *dx);

typedef struct tk_unary_kernels {
  tk_unary_fn _Nullable forward[TK_UNARY_COUNT];
  tk_unary_gradient_fn _Nullable gradient[TK_UNARY_COUNT];
} tk_unary_kernels;

/* Swift sees a C array as a tuple, which cannot be indexed. */
static inline tk_unary_fn _Nullable tk_unary_forward(const tk_unary_kernels *table, int32_t op) {
  return table->forward[op];
}
static inline tk_unary_gradient_fn _Nullable tk_unary_gradient(const tk_unary_kernels *table,
                                                               int32_t op) {
  return table->gradient[op];
}

#pragma clang assume_nonnull end

#endif
