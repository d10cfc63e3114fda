/* Layer norm and RMS norm: a row is read from memory once and stays in the first cache. */
#include "moments.h"

#include "total.h"

typedef struct row_normal {
  float centre, inverse, rest;
} row_normal;

TK_INLINE vf v_normalise(row_normal k, const float *x, const float *scale, const float *shift,
                         size_t left) {
  vf z = v_fma(v_load_part(x, left) - v_splat(k.centre), v_splat(k.inverse), v_splat(k.rest));
  vf factor = scale ? v_load_part(scale, left) : v_splat(1.0f);
  return v_fma(z, factor, shift ? v_load_part(shift, left) : v_zero());
}

/* y = ((x - centre) inverse + rest) scale + shift */
TK_INLINE void row_normalise(int streams, size_t n, row_normal k, const float *x,
                             const float *scale, const float *shift, float *y) {
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) {
    vf v = v_normalise(k, x + i, scale ? scale + i : NULL, shift ? shift + i : NULL, TK_LANES);
    if (streams) {
      v_stream(y + i, v);
    } else {
      v_store(y + i, v);
    }
  }
  if (i < n) {
    v_store_tail(y + i, n - i, v_normalise(k, x + i, scale ? scale + i : NULL,
                                           shift ? shift + i : NULL, n - i));
  }
}

static void layer_norm_f32(size_t rows, size_t columns, double epsilon, const void *x,
                           const void *scale, const void *shift, void *y, void *mean,
                           void *inverse) {
  const size_t together = rows_together(columns);
  const int streams = rows_stream(rows, columns, x, y);
  for (size_t first = 0; first < rows; first += together) {
    size_t count = rows - first < together ? rows - first : together;
    const float *in = (const float *)x + first * columns;
    float *out = (float *)y + first * columns;
    float centres[TK_ROWS_TOGETHER];
    row_moments moments[TK_ROWS_TOGETHER];
    for (size_t r = 0; r < count; ++r) centres[r] = row_centre(columns, in + r * columns);
    for (size_t r = 0; r < count; ++r) {
      moments[r] = row_moments_around(columns, centres[r], in + r * columns, together * columns);
    }
    for (size_t r = 0; r < count; ++r) {
      row_moments m = moments[r];
      double inv = 1 / sqrt(m.squares / (double)columns + epsilon);
      row_normal k = {.centre = m.centre, .inverse = (float)inv, .rest = (float)(-m.rest * inv)};
      row_normalise(streams, columns, k, in + r * columns, scale, shift, out + r * columns);
      if (mean) ((float *)mean)[first + r] = (float)((double)m.centre + m.rest);
      if (inverse) ((float *)inverse)[first + r] = (float)inv;
    }
  }
  if (streams) v_stream_end();
}

static void rms_norm_f32(size_t rows, size_t columns, double epsilon, const void *x,
                         const void *scale, void *y, void *inverse) {
  const size_t together = rows_together(columns);
  const int streams = rows_stream(rows, columns, x, y);
  for (size_t first = 0; first < rows; first += together) {
    size_t count = rows - first < together ? rows - first : together;
    const float *in = (const float *)x + first * columns;
    float *out = (float *)y + first * columns;
    double squares[TK_ROWS_TOGETHER];
    for (size_t r = 0; r < count; ++r) squares[r] = sum_squares_f32(columns, in + r * columns);
    for (size_t r = 0; r < count; ++r) {
      double inv = 1 / sqrt(squares[r] / (double)columns + epsilon);
      row_normal k = {.inverse = (float)inv};
      row_normalise(streams, columns, k, in + r * columns, scale, NULL, out + r * columns);
      if (inverse) ((float *)inverse)[first + r] = (float)inv;
    }
  }
  if (streams) v_stream_end();
}

/* Rows whose parts of dscale and dshift are added up in registers before memory sees them. */
#define TK_NORM_ROWS 4

/* What the backward pass of a norm reads and writes; NULL as in tk_norm.h, and mean NULL for RMS
 * norm. */
typedef struct norm_gradient {
  size_t columns;
  const float *x, *scale, *mean, *inverse, *dy;
  float *dx, *dscale, *dshift;
} norm_gradient;

/* Of one row: z = (x - mean) inverse, the normalised row; g = dy scale. */
typedef struct norm_row {
  vf mean, inverse;
  vf sum, dot; /* of g, and of g z */
  vf mean_g, mean_gz;
} norm_row;

/* Takes a vector of columns into the sums. */
TK_INLINE void norm_sums(size_t count, const norm_gradient *k, size_t first, size_t i, size_t left,
                         norm_row *rows) {
  vf dscale = v_zero();
  vf dshift = v_zero();
  vf scale = k->scale ? v_load_part(k->scale + i, left) : v_splat(1.0f);
  for (size_t r = 0; r < count; ++r) {
    size_t at = (first + r) * k->columns + i;
    vf z = (v_load_part(k->x + at, left) - rows[r].mean) * rows[r].inverse;
    vf dy = v_load_part(k->dy + at, left);
    dshift += dy;
    dscale = v_fma(dy, z, dscale);
    vf g = dy * scale;
    rows[r].sum += g;
    rows[r].dot = v_fma(g, z, rows[r].dot);
  }
  if (k->dscale) v_store_part(k->dscale + i, left, v_load_part(k->dscale + i, left) + dscale);
  if (k->dshift) v_store_part(k->dshift + i, left, v_load_part(k->dshift + i, left) + dshift);
}

TK_INLINE vf v_norm_dx(const norm_gradient *k, size_t at, size_t i, size_t left, norm_row row) {
  vf z = (v_load_part(k->x + at, left) - row.mean) * row.inverse;
  vf g = v_load_part(k->dy + at, left);
  if (k->scale) g *= v_load_part(k->scale + i, left);
  return row.inverse * (g - row.mean_g - z * row.mean_gz);
}

/* dx = inverse (g - mean(g) - z mean(g z)); without centring, where the mean is no function of x,
 * the term mean(g) goes. One pass takes both means and the columns' sums; the second writes dx. */
TK_INLINE void norm_backward_rows(int streams, size_t count, const norm_gradient *k,
                                  size_t first) {
  const size_t n = k->columns;
  norm_row rows[TK_NORM_ROWS];
  for (size_t r = 0; r < count; ++r) {
    rows[r].mean = v_splat(k->mean ? k->mean[first + r] : 0.0f);
    rows[r].inverse = v_splat(k->inverse[first + r]);
    rows[r].sum = rows[r].dot = v_zero();
  }
  size_t i = 0;
  for (; i + TK_LANES <= n; i += TK_LANES) norm_sums(count, k, first, i, TK_LANES, rows);
  if (i < n) norm_sums(count, k, first, i, n - i, rows);
  if (!k->dx) return;
  for (size_t r = 0; r < count; ++r) {
    rows[r].mean_g = v_splat(k->mean ? (float)(v_total(rows[r].sum) / (double)n) : 0.0f);
    rows[r].mean_gz = v_splat((float)(v_total(rows[r].dot) / (double)n));
  }
  for (size_t r = 0; r < count; ++r) {
    const size_t start = (first + r) * n;
    for (i = 0; i + TK_LANES <= n; i += TK_LANES) {
      v_prefetch(k->x + start + i, count * n);
      v_prefetch(k->dy + start + i, count * n);
      vf dx = v_norm_dx(k, start + i, i, TK_LANES, rows[r]);
      if (streams) {
        v_stream(k->dx + start + i, dx);
      } else {
        v_store(k->dx + start + i, dx);
      }
    }
    if (i < n) v_store_tail(k->dx + start + i, n - i, v_norm_dx(k, start + i, i, n - i, rows[r]));
  }
}

static void norm_backward(size_t rows, const norm_gradient *k) {
  const int streams = rows_stream(rows, k->columns, k->dy, k->dx);
  size_t r = 0;
  for (; r + TK_NORM_ROWS <= rows; r += TK_NORM_ROWS) {
    norm_backward_rows(streams, TK_NORM_ROWS, k, r);
  }
  for (; r < rows; ++r) norm_backward_rows(streams, 1, k, r);
  if (streams) v_stream_end();
}

static void layer_norm_backward_f32(size_t rows, size_t columns, const void *x, const void *scale,
                                    const void *mean, const void *inverse, const void *dy,
                                    void *dx, void *dscale, void *dshift) {
  norm_gradient k = {.columns = columns,
                     .x = x,
                     .scale = scale,
                     .mean = mean,
                     .inverse = inverse,
                     .dy = dy,
                     .dx = dx,
                     .dscale = dscale,
                     .dshift = dshift};
  norm_backward(rows, &k);
}

static void rms_norm_backward_f32(size_t rows, size_t columns, const void *x, const void *scale,
                                  const void *inverse, const void *dy, void *dx, void *dscale) {
  norm_gradient k = {.columns = columns,
                     .x = x,
                     .scale = scale,
                     .inverse = inverse,
                     .dy = dy,
                     .dx = dx,
                     .dscale = dscale};
  norm_backward(rows, &k);
}
