"""Writes ../MLPGolden.swift: losses of a two-layer network trained by numpy in float64.

    python3 make_mlp.py

The problem is stated by formulas, so that the test builds the same one: 24 points, 5 features, 3 classes,
class weights, 8 hidden units, ReLU, mean cross-entropy, whole batches.
"""

import pathlib

import numpy as np

ROWS, FEATURES, HIDDEN, CLASSES, STEPS = 24, 5, 8, 3, 40
WEIGHTS = np.array([1.0, 2.0, 0.5])


def wave(rows, columns, phase):
    i, j = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    return np.sin(1.7 * i + 0.9 * j * j + phase)


def problem():
    x = wave(ROWS, FEATURES, 0.3)
    targets = np.array([(7 * r + r // 5) % CLASSES for r in range(ROWS)])
    parameters = [
        0.6 * wave(FEATURES, HIDDEN, 1.1),
        0.1 * wave(1, HIDDEN, 2.2)[0],
        0.6 * wave(HIDDEN, CLASSES, 3.3),
        0.1 * wave(1, CLASSES, 4.4)[0],
    ]
    return x, targets, parameters


def loss_and_gradients(x, targets, parameters):
    w1, b1, w2, b2 = parameters
    hidden = np.maximum(x @ w1 + b1, 0)
    logits = hidden @ w2 + b2
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    share = WEIGHTS[targets] / WEIGHTS[targets].sum()
    loss = -(share * log_p[np.arange(ROWS), targets]).sum()
    d_logits = np.exp(log_p)
    d_logits[np.arange(ROWS), targets] -= 1
    d_logits *= share[:, None]
    d_hidden = (d_logits @ w2.T) * (hidden > 0)
    return loss, [x.T @ d_hidden, d_hidden.sum(axis=0), hidden.T @ d_logits, d_logits.sum(axis=0)]


def train_sgd():
    x, targets, parameters = problem()
    velocity = [np.zeros_like(p) for p in parameters]
    losses = []
    for _ in range(STEPS):
        loss, gradients = loss_and_gradients(x, targets, parameters)
        losses.append(loss)
        for p, g, v in zip(parameters, gradients, velocity):
            v[:] = 0.9 * v + (g + 1e-3 * p)
            p -= 0.1 * v
    return losses


def train_adamw():
    x, targets, parameters = problem()
    first = [np.zeros_like(p) for p in parameters]
    second = [np.zeros_like(p) for p in parameters]
    losses = []
    for step in range(1, STEPS + 1):
        loss, gradients = loss_and_gradients(x, targets, parameters)
        losses.append(loss)
        for p, g, m, v in zip(parameters, gradients, first, second):
            m[:] = 0.9 * m + 0.1 * g
            v[:] = 0.999 * v + 0.001 * g * g
            p *= 1 - 0.02 * 0.01
            p -= 0.02 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return losses


def swift(name, losses):
    rows = [losses[i : i + 6] for i in range(0, len(losses), 6)]
    body = "\n".join("    " + ", ".join(f"{loss:.9f}" for loss in row) + "," for row in rows)
    return f"  static let {name}: [Float] = [\n{body}\n  ]\n"


text = (
    f"// Written by Golden/make_mlp.py with numpy {np.__version__} in float64.\n\n"
    "/// Losses of a small network over 40 steps.\n"
    "enum MLPGolden {\n"
    "  /// Rate 0.1, momentum 0.9, weight decay 1e-3.\n" + swift("sgd", train_sgd()) + "\n"
    "  /// AdamW: rate 0.02, weight decay 0.01.\n" + swift("adamW", train_adamw()) + "}\n"
)
pathlib.Path(__file__).parent.parent.joinpath("MLPGolden.swift").write_text(text)
