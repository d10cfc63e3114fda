/* tk_norm.h: layer norm (Ba, Kiros, Hinton 2016) and RMS norm (Zhang, Sennrich 2019) of each row.
 *
 * x, y, dy, dx: [rows, columns]; scale, shift and their gradients: [columns]; NULL scale: 1, NULL
 * shift: 0. `mean` and `inverse` (1 / standard deviation, or 1 / root mean square): [rows], written
 * by the forward pass for the backward pass; either may be NULL. The variance is taken in two
 * passes and divided by columns; epsilon is added to it. y may be x, dx may be dy; nothing else
 * overlaps.
 * dscale and dshift are ADDED to (the caller zeroes them), so that blocks of rows can follow each
 * other; NULL: not wanted. dx NULL: not wanted. */
#ifndef TK_NORM_H
#define TK_NORM_H

#include <stddef.h>

#pragma clang assume_nonnull begin

typedef struct tk_norm_kernels {
  void (*_Nullable layer_norm)(size_t rows, size_t columns, double epsilon, const void *x,
                               const void *_Nullable scale, const void *_Nullable shift, void *y,
                               void *_Nullable mean, void *_Nullable inverse);
  void (*_Nullable layer_norm_backward)(size_t rows, size_t columns, const void *x,
                                        const void *_Nullable scale, const void *mean,
                                        const void *inverse, const void *dy, void *_Nullable dx,
                                        void *_Nullable dscale, void *_Nullable dshift);
  void (*_Nullable rms_norm)(size_t rows, size_t columns, double epsilon, const void *x,
                             const void *_Nullable scale, void *y, void *_Nullable inverse);
  void (*_Nullable rms_norm_backward)(size_t rows, size_t columns, const void *x,
                                      const void *_Nullable scale, const void *inverse,
                                      const void *dy, void *_Nullable dx, void *_Nullable dscale);
} tk_norm_kernels;

#pragma clang assume_nonnull end

#endif
