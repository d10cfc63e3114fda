#!/usr/bin/env python3
"""Writes TfidfGolden.swift: feature weights by scikit-learn, for TfidfTests.

    python3 -m venv venv && venv/bin/pip install scikit-learn && venv/bin/python make_tfidf.py
"""
import os
import sklearn
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer, TfidfVectorizer

FIT = [
    "The parcel did not arrive, and the parcel is late!",
    "Where is my PARCEL? It's been 14 days - 14 days!!",
    "I was charged twice; please refund the second charge.",
    "Größe 42 paßt nicht – ich möchte umtauschen, bitte umtauschen.",
    "Can't log in:  password_reset\tdoes not\n\nwork, 2\u00d72 tries \U0001f44b",
    "",
    "a I x",
    "Ça va? C'est déjà payé. 日本語 テキスト ½ ²",
    "refund refund refund refund",
]
APPLY = ["Refund my parcel, please: unknown words", "  \t ", "Größe 日本語 umtauschen  14 \u0301e", "refund"]

CASES = [
    ("words", dict()),
    ("wordBigrams", dict(ngram_range=(1, 2), sublinear_tf=True)),
    ("minDocuments", dict(min_df=2, max_df=0.4)),
    ("maxFeatures", dict(max_features=4, norm=None)),
    ("notSmooth", dict(smooth_idf=False, lowercase=False)),
    ("characters", dict(analyzer="char", ngram_range=(1, 3), min_df=2)),
    ("withinWords", dict(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2)),
]
HASHED = [
    ("hashedWords", 32, dict(analyzer="word", ngram_range=(1, 2)), dict()),
    ("hashedCharacters", 4096, dict(analyzer="char_wb", ngram_range=(3, 3)), dict(sublinear_tf=True)),
]


def text(value):
    escaped = "".join(
        c if 32 <= ord(c) < 127 and c not in '"\\' else "\\u{%x}" % ord(c) for c in value)
    return f'"{escaped}"'


def rows(matrix):
    matrix = matrix.tocsr()
    matrix.sort_indices()
    result = []
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        result.append((matrix.indices[part].tolist(), matrix.data[part].tolist()))
    return result


def numbers(values):
    return "[" + ", ".join(repr(v) for v in values) + "]"


def table(values):
    lines = [f"      (\n        {numbers(c)},\n        {numbers(w)}\n      )," for c, w in values]
    return "[\n" + "\n".join(lines) + "\n    ]"


out = [
    f"// Made by make_tfidf.py with scikit-learn {sklearn.__version__}; do not edit.",
    "// swift-format-ignore-file",
    "",
    "/// Feature weights by scikit-learn.",
    "enum TfidfGolden {",
    "  static let fit = [" + ", ".join(map(text, FIT)) + "]",
    "  static let apply = [" + ", ".join(map(text, APPLY)) + "]",
]
for name, options in CASES:
    vectorizer = TfidfVectorizer(**options)
    fitted = vectorizer.fit_transform(FIT)
    out += [
        f"  static let {name} = TfidfCase(",
        "    terms: [" + ", ".join(map(text, vectorizer.get_feature_names_out())) + "],",
        "    fit: " + table(rows(fitted)) + ",",
        "    apply: " + table(rows(vectorizer.transform(APPLY))) + ")",
    ]
for name, width, analysis, weighting in HASHED:
    hashing = HashingVectorizer(n_features=width, alternate_sign=False, norm=None, **analysis)
    transformer = TfidfTransformer(**weighting)
    fitted = transformer.fit_transform(hashing.transform(FIT))
    out += [
        f"  static let {name} = TfidfCase(",
        "    terms: [],",
        "    fit: " + table(rows(fitted)) + ",",
        "    apply: " + table(rows(transformer.transform(hashing.transform(APPLY)))) + ")",
    ]
out.append("}\n")
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "TfidfGolden.swift")
open(path, "w").write("\n".join(out))
