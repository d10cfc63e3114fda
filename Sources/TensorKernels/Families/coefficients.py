"""Makes the coefficients of elementary_*.h: python3 coefficients.py (numpy, scipy).

Each polynomial, or fraction of two, makes the largest weighted error over its interval small
(Lawson's iteration: weighted least squares, with more weight where the error is large). For f32,
coefficients are rounded one after the other from the lowest power up, and those that are left are
fitted again each time, so that they make up for the rounding.
"""
import numpy as np
from numpy.polynomial.polynomial import polyval
from scipy import special


def lawson(target, weight, low, high, degree, divisor=0, fixed=(), fixed_below=(), rounds=150):
  """p / q near target, lowest power first; q has the degree `divisor` and leads with 1."""
  t = 0.5 * (low + high) - 0.5 * (high - low) * np.cos(np.linspace(0, np.pi, 3001))
  f, w = target(t), weight(t)
  density, below, least = np.ones_like(t), np.ones_like(t) + t**divisor, np.inf
  for _ in range(rounds):
    columns = [t**k for k in range(len(fixed), degree + 1)]
    columns += [-f * t**k for k in range(len(fixed_below), divisor)]
    rest = f * t**divisor - (polyval(t, fixed) if len(fixed) else 0)
    if len(fixed_below):
      rest = rest + f * polyval(t, fixed_below)
    scale = w / np.abs(below) * np.sqrt(density)
    matrix = np.array(columns).T * scale[:, None]
    length = np.linalg.norm(matrix, axis=0)
    solution = np.linalg.lstsq(matrix / length, rest * scale, rcond=1e-15)[0] / length
    above = list(fixed) + list(solution[:degree + 1 - len(fixed)])
    q = list(fixed_below) + list(solution[degree + 1 - len(fixed):]) + [1.0]
    below = polyval(t, q) if divisor else np.ones_like(t)
    error = np.abs(w * (polyval(t, above) / below - f))
    if error.max() < least:
      least, best = error.max(), (above, q)
    density *= error / error.max() + 1e-3
    density /= density.mean()
  return best[0], best[1], least


def show(name, coefficients, digits):
  print("  " + name + ", ".join(f"{c:.{digits}g}" for c in reversed(coefficients)))


def fit(name, target, weight, low, high, degree, divisor=0, fixed=(), single=True):
  """Prints coefficients, highest power first, as Horner's scheme reads them."""
  p, q, error = lawson(target, weight, low, high, degree, divisor, fixed)
  if single:
    above, below = list(fixed), []
    while len(above) <= degree or len(below) < divisor:
      if len(below) < divisor:
        below.append(float(np.float32(q[len(below)])))
        p, q, _ = lawson(target, weight, low, high, degree, divisor, above, below)
      if len(above) <= degree:
        above.append(float(np.float32(p[len(above)])))
        if len(above) <= degree or len(below) < divisor:
          p, q, _ = lawson(target, weight, low, high, degree, divisor, above, below)
    p, q = above, below + [1.0]
    t = np.linspace(low, high, 100001)
    value = polyval(t, p) / (polyval(t, q) if divisor else 1)
    error = np.max(np.abs(weight(t) * (value - target(t))))
  print(f"{name} on [{low:.6g}, {high:.6g}]: error {error:.2g}")
  show("", p, 9 if single else 17)
  if divisor:
    show("/ ", q[:-1], 9)


def series(terms):
  """The function with these Taylor coefficients: free of cancellation near 0."""
  return lambda t: polyval(t, terms)


factorial = [float(special.factorial(k)) for k in range(30)]
exp_rest = series([1 / factorial[k + 2] for k in range(24)])  # (e^r - 1 - r) / r^2
half = 0.3469  # ln 2 / 2 and some rounding
fit("exp", exp_rest, lambda r: r * r * np.exp(-r) + 1e-6, -half, half, 4)
fit("expm1", exp_rest, lambda r: np.abs(r) + 1e-4, -half, half, 4)
fit("tanh", lambda r: exp_rest(r) / 2, lambda r: 2 * np.abs(r) + 1e-4, -0.145, 0.552, 4)

log_rest = series([(-1.0)**k / (k + 3) for k in range(80)])  # (ln(1 + f) - f + f^2 / 2) / f^3
fit("log", log_rest, lambda f: f * f + 1e-5, -1 / 3, 1 / 3, 7)


def erf_rest(a):  # (-ln erfc(a) - a) / a
  a = np.maximum(a, 1e-8)
  return -np.log(special.erfc(a)) / a - 1


def erf_weight(a):
  a = np.maximum(a, 1e-8)
  return special.erfc(a) * a / special.erf(a)


fit("erf", erf_rest, erf_weight, 0, 3.95, 8)

quarter = (np.pi / 4 * 1.0001)**2
sin_rest = series([(-1.0)**(k + 1) / factorial[2 * k + 3] for k in range(10)])
cos_rest = series([(-1.0)**k / factorial[2 * k + 4] for k in range(10)])
fit("sin, of r^2", sin_rest, lambda z: z + 1e-4, 0, quarter, 2)
fit("cos, of r^2", cos_rest, lambda z: z * z + 1e-4, 0, quarter, 2)

exponent = -0.5 / np.log(2)
lost = (exponent - float(np.float32(exponent))) * np.log(2)


def tail(a):  # T(a) e^(a^2 / 2), for the exponent that f32 holds
  return special.erfcx(a / np.sqrt(2)) / 2 * np.exp(lost * a * a)


fit("gelu, 2^r", np.exp2, lambda r: np.exp2(-r), -0.5005, 0.5005, 5, fixed=[1.0])
fit("gelu, tail", tail, lambda a: 1 / tail(a) / (1 + np.maximum(a - 2, 0)), 0, 14.5, 3, 4)


def log2_rest(z):  # log2((1 + s) / (1 - s)) / s, z = s^2
  return 2 / np.log(2) * polyval(z, [1 / (2 * k + 1) for k in range(40)])


fit("pow, log2", log2_rest, lambda z: 1 / log2_rest(z), 0, 0.0401, 5, single=False)
fit("pow, 2^r", np.exp2, lambda r: np.exp2(-r), -0.5005, 0.5005, 7, single=False)
