/* Reference for tk_norm.h, as a template; see types.h. */
#include <math.h>
#include <stddef.h>

static void T(layer_norm)(size_t rows, size_t columns, double epsilon, const void *x_,
                          const void *scale_, const void *shift_, void *y_, void *mean_,
                          void *inverse_) {
  const REAL *scale = scale_;
  const REAL *shift = shift_;
  for (size_t r = 0; r < rows; ++r) {
    const REAL *x = (const REAL *)x_ + r * columns;
    REAL *y = (REAL *)y_ + r * columns;
    double mean = 0;
    for (size_t c = 0; c < columns; ++c) mean += (double)x[c];
    mean /= (double)columns;
    double variance = 0;
    for (size_t c = 0; c < columns; ++c) {
      double apart = (double)x[c] - mean;
      variance += apart * apart;
    }
    double inverse = 1 / sqrt(variance / (double)columns + epsilon);
    for (size_t c = 0; c < columns; ++c) {
      double normal = ((double)x[c] - mean) * inverse;
      y[c] = (REAL)(normal * (scale ? (double)scale[c] : 1) + (shift ? (double)shift[c] : 0));
    }
    if (mean_) ((REAL *)mean_)[r] = (REAL)mean;
    if (inverse_) ((REAL *)inverse_)[r] = (REAL)inverse;
  }
}

static void T(rms_norm)(size_t rows, size_t columns, double epsilon, const void *x_,
                        const void *scale_, void *y_, void *inverse_) {
  const REAL *scale = scale_;
  for (size_t r = 0; r < rows; ++r) {
    const REAL *x = (const REAL *)x_ + r * columns;
    REAL *y = (REAL *)y_ + r * columns;
    double squares = 0;
    for (size_t c = 0; c < columns; ++c) squares += (double)x[c] * (double)x[c];
    double inverse = 1 / sqrt(squares / (double)columns + epsilon);
    for (size_t c = 0; c < columns; ++c) {
      y[c] = (REAL)((double)x[c] * inverse * (scale ? (double)scale[c] : 1));
    }
    if (inverse_) ((REAL *)inverse_)[r] = (REAL)inverse;
  }
}

/* With g = dy scale and z = (x - mean) inverse, the normalised row:
 * dx = inverse (g - mean(g) - z mean(g z)); without centring, where the mean is no function of x,
 * the term mean(g) goes. */
static void T(norm_backward)(size_t rows, size_t columns, const REAL *x, const REAL *scale,
                             const REAL *mean, const REAL *inverse, const REAL *dy, REAL *dx,
                             REAL *dscale, REAL *dshift) {
  for (size_t r = 0; r < rows; ++r, x += columns, dy += columns) {
    double m = mean ? (double)mean[r] : 0;
    double inv = (double)inverse[r];
    double sum = 0;
    double dot = 0;
    for (size_t c = 0; c < columns; ++c) {
      double z = ((double)x[c] - m) * inv;
      double g = (double)dy[c] * (scale ? (double)scale[c] : 1);
      sum += g;
      dot += g * z;
      if (dscale) dscale[c] += (REAL)((double)dy[c] * z);
      if (dshift) dshift[c] += dy[c];
    }
    if (!dx) continue;
    double mean_g = mean ? sum / (double)columns : 0;
    double mean_gz = dot / (double)columns;
    for (size_t c = 0; c < columns; ++c) {
      double z = ((double)x[c] - m) * inv;
      double g = (double)dy[c] * (scale ? (double)scale[c] : 1);
      dx[r * columns + c] = (REAL)(inv * (g - mean_g - z * mean_gz));
    }
  }
}

static void T(layer_norm_backward)(size_t rows, size_t columns, const void *x, const void *scale,
                                   const void *mean, const void *inverse, const void *dy, void *dx,
                                   void *dscale, void *dshift) {
  T(norm_backward)(rows, columns, x, scale, mean, inverse, dy, dx, dscale, dshift);
}

static void T(rms_norm_backward)(size_t rows, size_t columns, const void *x, const void *scale,
                                 const void *inverse, const void *dy, void *dx, void *dscale) {
  T(norm_backward)(rows, columns, x, scale, NULL, inverse, dy, dx, dscale, NULL);
}
