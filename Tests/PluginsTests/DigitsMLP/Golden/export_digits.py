"""Writes scikit-learn's digits (Alpaydin and Kaynak 1998), split for a test; nothing of it is kept in the repository.

    python3 -m venv /tmp/digits && /tmp/digits/bin/pip install scikit-learn
    /tmp/digits/bin/python Tests/PluginsTests/DigitsMLP/Golden/export_digits.py FOLDER

For each seed 0, 1, 2 and each part (train, test: 30 %, stratified) two files of little-endian numbers:
    SEED-PART.x       float32 [rows, 64], brightness 0...1
    SEED-PART.target  int64 [rows], the digit
"""

import pathlib
import sys

import numpy
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
digits = load_digits()
pictures = (digits.data / 16).astype("<f4")
targets = digits.target.astype("<i8")
for seed in range(3):
    parts = train_test_split(
        pictures, targets, test_size=0.3, stratify=targets, random_state=seed
    )
    for part, x, target in (("train", parts[0], parts[2]), ("test", parts[1], parts[3])):
        numpy.ascontiguousarray(x).tofile(folder / f"{seed}-{part}.x")
        numpy.ascontiguousarray(target).tofile(folder / f"{seed}-{part}.target")
