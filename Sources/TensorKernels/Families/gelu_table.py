"""Prints the table of gemm_gelu.h: python3 gelu_table.py (numpy).

T(a) = erfc(a / sqrt 2) / 2 as a polynomial of degree 4 on each of 32 intervals of width 0.2: least squares of the
relative error at 64 Chebyshev points of each. The last interval is zero: a T(a) < 4e-9 from a = 6.1 on.
"""
from math import erfc, sqrt

import numpy as np

WIDTH, INTERVALS = 0.2, 32


def tail(a):
    return erfc(a / sqrt(2)) / 2


points = np.cos((np.arange(64) + 0.5) * np.pi / 64) / 2
table = []
for interval in range(INTERVALS - 1):
    values = np.array([tail((interval + x) * WIDTH) for x in points])
    # Around 0 the absolute error counts: there a T(a) is small whatever T is.
    weights = 1 / values if interval > 0 else np.ones_like(values)
    table.append(np.polynomial.polynomial.polyfit(points, values, 4, w=weights))
table.append(np.zeros(5))
table = np.array(table).astype(np.float32)

for power in range(5):
    numbers = [f"{float(c):.9g}" for c in table[:, power]]
    numbers = [n + ("f" if "." in n or "e" in n else ".0f") for n in numbers]
    rows = [", ".join(numbers[i:i + 4]) for i in range(0, INTERVALS, 4)]
    print("    {" + ",\n     ".join(rows) + "},")
