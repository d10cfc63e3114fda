#!/usr/bin/env python3
"""How hard tickets.csv is for a rival: TF-IDF with logistic regression (scikit-learn), 5-fold cross-validated.

    python3 -m venv /tmp/v && /tmp/v/bin/pip install scikit-learn && /tmp/v/bin/python baseline.py

Cleans as the workflow does: HTML, invisible characters, text decoded twice, white space, case; drops rows without text or category, and
duplicates by letters and digits.
"""
import csv, html, os, re, unicodedata

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tickets.csv")
texts, labels, seen = [], [], set()
for row in csv.DictReader(open(path, encoding="utf-8", newline="")):
    text = html.unescape(re.sub(r"<[^>]+>", " ", row["message"]))
    text = text.replace("\u00e2\u20ac\u2122", "'").replace("\u00e2\u20ac\u201c", "-")
    text = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    text = re.sub(r"\s+", " ", text).strip().lower()
    key = re.sub(r"[^\w]+", " ", text).strip()
    if not key or not row["category"] or key in seen:
        continue
    seen.add(key)
    texts.append(text)
    labels.append(row["category"])
model = make_pipeline(
    TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10, max_iter=2000))
folds = StratifiedKFold(5, shuffle=True, random_state=0)
predicted = cross_val_predict(model, texts, labels, cv=folds)
print(f"{len(texts)} rows, {len(set(labels))} classes: macro-F1 {f1_score(labels, predicted, average='macro'):.3f}, "
      f"accuracy {accuracy_score(labels, predicted):.3f}")
