#!/usr/bin/env python3
"""Makes tickets.csv from the messages in messages/<category>.txt, which were written one by one for this project.

The result is what an export of a help desk looks like: shuffled, with duplicates (some retyped in another case or with other spaces),
rows whose category nobody filled in, remains of HTML, invisible characters, text decoded twice, and empty bodies.
Same seed, same bytes:  python3 make_tickets.py > tickets.csv
"""
import csv, os, random, sys

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "messages")
random.seed(2024)


def html(text):
    return random.choice(["<p>%s</p>", "%s<br/>", "<div>%s</div>"]) % text.replace("&", "&amp;").replace("'", "&#39;")


def invisible(text):
    words = text.split(" ")
    words.insert(random.randrange(len(words) + 1), random.choice(["\u200b", "\u00a0", "\ufeff", "\u200e"]))
    return "\u00a0".join(words[:2]) + " " + " ".join(words[2:]) if len(words) > 3 else " ".join(words)


def decoded_twice(text):
    # A right quotation mark written as UTF-8 and read as Windows-1252.
    return text.replace("'", "\u00e2\u20ac\u2122") + (" \u00e2\u20ac\u201c thanks" if "'" not in text else "")


def spaces(text):
    return "  " + text.replace(" ", "   ", 2) + " \t"


def retyped(text):
    return random.choice([str.upper, str.lower, str.title, spaces, lambda t: t + " ", lambda t: t + "!!"])(text)


DIRT = [html, invisible, decoded_twice, spaces]
rows = []
for name in sorted(os.listdir(FOLDER)):
    category = name.removesuffix(".txt")
    for line in open(os.path.join(FOLDER, name), encoding="utf-8"):
        rows.append([line.rstrip("\n"), category])
original = len(rows)
rows += [[retyped(text), label] for text, label in random.sample(rows, 70)]
for row in random.sample(rows, 160):
    row[0] = random.choice(DIRT)(row[0])
for row in random.sample(rows, 45):
    row[1] = ""
rows += [[random.choice(["", " ", "\u200b"]), label] for _, label in random.sample(rows, 6)]
random.shuffle(rows)

out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["ticket", "message", "category"])
for number, (text, label) in enumerate(rows, start=10001):
    out.writerow([number, text, label])
print(f"{original} messages, {len(rows)} rows", file=sys.stderr)
