#!/usr/bin/env python3
"""Writes operations.json: what NumPy and SciPy say about small cases of each operation.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy scipy
    /tmp/golden/bin/python Tests/TensorCoreTests/Golden/make_operations.py

A case has a name, inputs, parameters and outputs; a tensor is [dtype, shape, elements]. NaN and infinities are text.
OperationGoldenTests runs each case in f32 and, where the inputs are floating point, in f64 too.
"""
import json, math, os
import numpy as np
from scipy import special

rng = np.random.default_rng(2026)
cases = []
NAMES = {np.dtype("float64"): "real", np.dtype("int64"): "i64", np.dtype("int32"): "i32", np.dtype("uint8"): "u8",
         np.dtype("bool"): "bool"}


def plain(x):
    """Fourteen digits: more than f64 is compared to."""
    if isinstance(x, (bool, np.bool_)):
        return int(x)
    if isinstance(x, (int, np.integer)):
        return int(x)
    x = float(x)
    return float(f"{x:.14g}") if math.isfinite(x) else ("nan" if math.isnan(x) else "inf" if x > 0 else "-inf")


def tensor(a):
    a = np.asarray(a)
    return [NAMES[a.dtype], list(a.shape), [plain(v) for v in a.ravel()]]


def case(name, inputs, outputs, **parameters):
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    cases.append({"name": name, "inputs": [tensor(i) for i in inputs], "outputs": [tensor(o) for o in outputs],
                  "parameters": parameters})


def real(*shape, low=-2.0, high=2.0):
    """Multiples of 1/256, which f32 holds exactly, so that both types see the same input."""
    return np.round(rng.uniform(low, high, shape) * 256) / 256


HOSTILE = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-40, -1e-40, 1.0, -1.0, 88.0, -88.0, 0.5])

# One number.
sigmoid = special.expit
unary = {
    "neg": np.negative, "abs": np.abs, "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "rsqrt": lambda x: 1 / np.sqrt(x),
    "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "erf": special.erf, "sigmoid": sigmoid,
    "relu": lambda x: np.where(np.isnan(x), x, np.maximum(x, 0)), "gelu": lambda x: x * special.ndtr(x),
    "gelu_tanh": lambda x: x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2,
    "silu": lambda x: x * sigmoid(x),
}
with np.errstate(all="ignore"):
    for name, function in unary.items():
        positive = name in ("log", "sqrt", "rsqrt")
        x = real(3, 7, low=0.05 if positive else -3, high=4)
        case(name, [x], function(x))
        if name not in ("gelu", "gelu_tanh", "silu"):
            case(name, [HOSTILE], function(HOSTILE))
    x = real(5, 3)
    case("scale", [x], -1.5 * x, alpha=-1.5)
    case("leaky_relu", [x], np.where(x > 0, x, 0.25 * x), alpha=0.25)
    case("elu", [x], np.where(x > 0, x, 0.75 * np.expm1(x)), alpha=0.75)
    case("neg", [np.arange(-3, 4)], -np.arange(-3, 4))
    case("abs", [np.arange(-3, 4, dtype=np.int32)], np.abs(np.arange(-3, 4, dtype=np.int32)))

    # Two numbers, broadcast in every way that the walk tells apart.
    binary = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "maximum": np.maximum,
              "minimum": np.minimum}
    shapes = [((4, 5), (4, 5)), ((4, 5), (5,)), ((4, 1), (1, 5)), ((), (3, 2)), ((3, 2), ()), ((2, 1, 3), (4, 1)),
              ((2, 3, 20), (3, 1)), ((2, 1, 20), (2, 3, 20)), ((1, 1), (1,)), ((0, 4), (4,)), ((3, 1, 2, 1), (1, 4, 1, 17)),
              ((17, 1), (17, 33)), ((5, 1, 40), (1, 6, 1))]
    for index, (a, b) in enumerate(shapes):
        x, y = real(*a), real(*b)
        for name, function in binary.items():
            if index < 3 or name == "sub":
                case(name, [x, y], function(x, y))
    base, power = real(4, 5, low=0.1, high=3), real(5)
    case("pow", [base, power], np.power(base, power))
    case("pow", [np.array([-2.0, -2.0, 0.0, 0.0, 1.0, np.nan, np.inf]), np.array([3.0, 0.5, 0.0, -1.0, np.nan, 0.0, -1.0])],
         np.power(np.array([-2.0, -2.0, 0.0, 0.0, 1.0, np.nan, np.inf]), np.array([3.0, 0.5, 0.0, -1.0, np.nan, 0.0, -1.0])))
    for name in ("add", "sub", "mul", "maximum", "minimum"):
        for dtype in (np.int32, np.int64, np.uint8):
            x, y = rng.integers(0, 100, (3, 4)).astype(dtype), rng.integers(0, 100, (4,)).astype(dtype)
            case(name, [x, y], binary[name](x, y))
    big = np.array([2**31 - 1, -(2**31)], dtype=np.int32)
    case("add", [big, np.array([1, -1], dtype=np.int32)], big + np.array([1, -1], dtype=np.int32))
    compare = {"equal": np.equal, "not_equal": np.not_equal, "less": np.less, "less_equal": np.less_equal,
               "greater": np.greater, "greater_equal": np.greater_equal}
    for name, function in compare.items():
        x, y = np.round(real(3, 4)), np.round(real(4))
        case(name, [x, y], function(x, y))
        case(name, [HOSTILE, HOSTILE[::-1].copy()], function(HOSTILE, HOSTILE[::-1]))
        i, j = rng.integers(0, 3, (3, 1)), rng.integers(0, 3, (1, 20))
        case(name, [i, j], function(i, j))
    mask = rng.integers(0, 2, (3, 1)).astype(bool)
    x, y = real(4), real(3, 4)
    case("where", [mask, x, y], np.where(mask, x, y))
    case("where", [mask, np.arange(4), np.int64(-1)], np.where(mask, np.arange(4), np.int64(-1)))
    x = np.array([1.9, -1.9, 0.0, np.nan, 3.0, 127.5])
    case("cast", [x], np.nan_to_num(x).astype(np.int32), to="i32")
    case("cast", [x], x != 0, to="bool")
    case("cast", [np.arange(-3, 3)], np.arange(-3, 3).astype(np.int32), to="i32")
    case("cast", [np.arange(5, dtype=np.uint8)], np.arange(5), to="i64")

    # Many numbers.
    def reductions(x, axes, keep):
        axis = None if axes is None else tuple(axes)
        q = dict(axis=axis, keepdims=keep)
        return {"sum": np.sum(x, **q), "mean": np.mean(x, **q), "max": np.max(x, **q), "min": np.min(x, **q),
                "logsumexp": special.logsumexp(x, **q), "variance": np.var(x, ddof=1, **q),
                "norm": np.sqrt(np.sum(x * x, **q))}

    for shape, axes in [((4, 6), None), ((4, 6), [0]), ((4, 6), [-1]), ((2, 3, 4), [1]), ((2, 3, 4), [0, 2]), ((2, 3, 4), [-1, 0]),
                        ((2, 3, 4, 3), [1, 2]), ((2, 1, 3, 1, 4), [0, 1, 2]), ((2, 3, 4, 3), [0, 2]), ((3, 70), [1]), ((70, 3), [0])]:
        x = real(*shape)
        for keep in (False, True):
            for name, value in reductions(x, axes, keep).items():
                case(name, [x], value, axes=axes, keep=keep, correction=1)
    x = real(2, 3)
    case("sum", [x], x, axes=[], keep=False)
    case("sum", [np.zeros((3, 0))], np.zeros(3), axes=[1], keep=False)
    case("logsumexp", [np.array([[-np.inf, -np.inf], [1000.0, 1000.0]])], special.logsumexp(np.array([[-np.inf, -np.inf], [1000.0, 1000.0]]), axis=1), axes=[1], keep=False)
    i = rng.integers(-50, 50, (3, 5))
    case("sum", [i], i.sum(axis=0), axes=[0], keep=False)
    case("max", [i.astype(np.int32)], i.astype(np.int32).max(axis=1), axes=[1], keep=False)
    for axis in (0, 1, -1):
        x = np.round(real(5, 4))
        case("argmax", [x], np.argmax(x, axis=axis), axis=axis)
        case("argmin", [x], np.argmin(x, axis=axis), axis=axis)
    x = np.array([[1.0, np.nan, 3.0], [-np.inf, -np.inf, -np.inf]])
    case("argmax", [x], np.argmax(x, axis=1), axis=1)

    # Matrices.
    for a, b in [((3, 4), (4, 5)), ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (3, 4, 2)), ((3, 0), (0, 2)),
                 ((1, 7), (7, 1)), ((2, 3, 1, 4), (1, 3, 4, 4))]:
        x, y = real(*a), real(*b)
        want = np.matmul(x, y)
        case("matmul", [x, y], want)
        case("matmul", [np.swapaxes(x, -1, -2).copy(), np.swapaxes(y, -1, -2).copy()], want, transposeA=True, transposeB=True)
    x, w, b = real(2, 3, 6), real(6, 5), real(5)
    for name in ("identity", "relu", "tanh", "sigmoid", "gelu", "gelu_tanh", "silu"):
        y = x @ w + b
        case("linear", [x, w, b], y if name == "identity" else unary[name](y), activation=name)
        case("linear", [x, w.T.copy(), b], y if name == "identity" else unary[name](y), activation=name, transposeW=True)
    case("linear", [x, w], x @ w, activation="identity")

    # Rows.
    x = real(3, 5, 4, low=-5, high=5)
    for axis in (-1, 1, 0):
        case("softmax", [x], special.softmax(x, axis=axis), axis=axis)
        case("log_softmax", [x], special.log_softmax(x, axis=axis), axis=axis)
    x, scale, shift = real(4, 9), real(9), real(9)
    centred = x - x.mean(axis=-1, keepdims=True)
    standard = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
    case("layer_norm", [x, scale, shift], standard * scale + shift)
    case("layer_norm", [x], standard)
    rms = x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5)
    case("rms_norm", [x, scale], rms * scale)
    logits, targets, weights = real(6, 4), rng.integers(0, 4, 6), real(4, low=0.1, high=2)
    logp = special.log_softmax(logits, axis=1)[np.arange(6), targets]
    case("cross_entropy", [logits, targets], -logp.mean())
    case("cross_entropy", [logits, targets, weights], -(weights[targets] * logp).sum() / weights[targets].sum())
    members, weights = special.log_softmax(real(3, 4, 5), axis=-1), np.array([0.5, 0.0, 1.25])
    case("log_pool", [members, weights], special.log_softmax(np.tensordot(weights, members, 1), axis=-1))

    # Positions.
    table, index = real(7, 2, 3), rng.integers(0, 7, (2, 4))
    case("embedding", [table, index], table[index])
    case("embedding", [np.arange(10), np.array([3, 3, 9], dtype=np.int32)], np.arange(10)[[3, 3, 9]])
    x = real(3, 5, 2)
    for axis, shape in ((0, (4, 5, 2)), (1, (3, 2, 2)), (-1, (3, 5, 3))):
        index = rng.integers(0, x.shape[axis], shape)
        case("gather", [x, index], np.take_along_axis(x, index, axis), axis=axis)
        updates, want = real(*shape), x.copy()
        for place in np.ndindex(*shape):
            target = list(place)
            target[axis] = index[place]
            want[tuple(target)] += updates[place]
        case("scatter_add", [x, index, updates], want, axis=axis)

    # Parts.
    a, b, c = real(2, 3, 4), real(2, 1, 4), real(2, 2, 4)
    case("concat", [a, b, c], np.concatenate([a, b, c], 1), axis=1)
    x = real(2, 6)
    case("concat", [x, x], np.concatenate([x, x], 0), axis=0)
    case("concat", [x, x], np.concatenate([x, x], -1), axis=-1)
    case("split", [x], np.split(x, [1, 4], 1), axis=1, lengths=[1, 3, 2])
    for axis in (0, 1, -1):
        case("stack", [x, 2 * x], np.stack([x, 2 * x], axis), axis=axis)
    x = real(3, 4, 5)
    case("pad", [x], np.pad(x, [(1, 0), (0, 2), (3, 1)], constant_values=-2.5), before=[1, 0, 3], after=[0, 2, 1], value=-2.5)
    case("slice", [x], x[1:, ::2, -3:-1], begins=[1, 0, -3], ends=[None, None, -1], steps=[1, 2, 1])
    case("slice", [x], x[5:, :, :], begins=[5], ends=[None], steps=[1])
    case("flip", [x], x[::-1, :, ::-1], axes=[0, -1])
    case("flip", [x], x[::-1, ::-1, ::-1], axes=None)
    case("transpose", [x], np.transpose(x, (2, 0, 1)), axes=[2, 0, 1])
    case("transpose", [x], np.transpose(x), axes=None)
    big = real(33, 35)
    case("transpose", [big], big.T, axes=None)
    case("reshape", [x], x.reshape(4, -1), shape=[4, -1])
    x = real(3, 1)
    case("broadcast", [x], np.broadcast_to(x, (2, 3, 4)), shape=[2, 3, 4])

    # Order.
    for x in (np.round(real(4, 9)), np.array([[2.0, np.nan, -np.inf, np.inf, 2.0, np.nan]]), rng.integers(0, 4, (3, 20))):
        for axis in (-1, 0):
            order = np.argsort(x, axis=axis, kind="stable")
            case("sort", [x], [np.take_along_axis(x, order, axis), order], axis=axis)
    x = np.round(real(4, 12))
    order = np.argsort(-x, axis=1, kind="stable")
    case("sort", [x], [np.take_along_axis(x, order, 1), order], axis=1, descending=True)
    case("top_k", [x], [np.take_along_axis(x, order, 1)[:, :5], order[:, :5]], axis=1, k=5)
    order = np.argsort(x, axis=0, kind="stable")
    case("top_k", [x], [np.take_along_axis(x, order, 0)[:2], order[:2]], axis=0, k=2, smallest=True)

cases = [c for c in cases if c]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "operations.json")
with open(path, "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases")
