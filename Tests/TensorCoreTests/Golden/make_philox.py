"""Writes ../PhiloxGolden.swift: raw words of numpy's Philox.

    python3 make_philox.py
"""

import pathlib

import numpy as np

CASES = [(0, 0, 0), (42, 0, 0), (2**64 - 1, 7, 0), (42, 0, 1000), (1, 2**63, 2**64 - 2)]


def words(seed, stream, block, count):
    bits = np.random.Philox(key=seed + (stream << 64), counter=block)
    return [int(word) for word in bits.random_raw(count)]


lines = [
    "// Written by Golden/make_philox.py from numpy " + np.__version__ + ".",
    "",
    "/// Raw words of numpy's Philox, with key and counter.",
    "enum PhiloxGolden {",
    "  static let cases: [(seed: UInt64, stream: UInt64, block: UInt64, words: [UInt64])] = [",
]
for seed, stream, block in CASES:
    lines.append("    (")
    lines.append(f"      {seed:#x}, {stream:#x}, {block:#x},")
    lines.append("      [")
    drawn = words(seed, stream, block, 8)
    for start in range(0, 8, 4):
        row = ", ".join(f"{word:#018x}" for word in drawn[start : start + 4])
        lines.append(f"        {row},")
    lines.append("      ]")
    lines.append("    ),")
lines += ["  ]", "}", ""]
pathlib.Path(__file__).parent.parent.joinpath("PhiloxGolden.swift").write_text("\n".join(lines))
