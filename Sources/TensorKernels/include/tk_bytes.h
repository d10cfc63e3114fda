/* tk_bytes.h: what moves elements without looking at them, for elements of 1, 2, 4 or 8 bytes, and
 * conversions between element types. */
#ifndef TK_BYTES_H
#define TK_BYTES_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum { TK_MAX_RANK = 8 };

/* Copies a strided array to a dense one: y[i0, i1, ...] = x at the sum of i_k * steps[k], steps in
 * elements, also 0 (a broadcast axis) and negative (a flipped axis). x points at the element of
 * index 0. Transposes go by blocks, so that both sides use whole cache lines. rank <= TK_MAX_RANK.
 * x and y must not overlap. */
void tk_copy_strided(size_t rank, const int64_t *shape, const int64_t *steps, size_t width,
                     const void *x, void *y);

/* y[i] = mask[i] ? a[i] : b[i]; mask: bytes, not 0 is true; steps 0 or 1 as in tk_binary.h. */
void tk_select(size_t n, size_t width, const uint8_t *mask, const void *a, size_t a_step,
               const void *b, size_t b_step, void *y);

/* y[i] = value, an element of `width` bytes. */
void tk_fill(size_t n, size_t width, const void *value, void *y);

/* The dtypes of tk_cast: the raw values of TensorCore's DType. */
enum { TK_F32 = 1, TK_F64 = 2, TK_I32 = 3, TK_I64 = 4, TK_U8 = 5, TK_BOOL = 6 };

/* y[i] = (to) x[i]. Floating point to whole numbers cuts towards zero; NaN becomes 0 and what lies
 * beyond the range its nearest end. Whole numbers to smaller ones keep the low bits. To bool: not 0
 * (NaN is true). Returns 0, or -1 for a type that is not listed. x and y must not overlap. */
int32_t tk_cast(size_t n, int32_t from, int32_t to, const void *x, void *y);

#pragma clang assume_nonnull end

#endif
