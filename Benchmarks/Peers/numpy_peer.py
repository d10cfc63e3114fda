"""NumPy with the OpenBLAS of its wheel. OPENBLAS_CORETYPE and OPENBLAS_NUM_THREADS come from the caller."""

import numpy as np
from contender import Missing, serve


def prepare(words, threads):
    random = np.random.default_rng(1)

    def some(*shape):
        return random.standard_normal(shape, dtype=np.float32)

    kind, rest = words[0], words[1:]
    if kind == "matmul":
        if rest[3] == "packed":
            raise Missing("no packed operands in its interface")
        m, k, n = map(int, rest[:3])
        names = {"mm": np.matmul, "a": some(m, k), "b": some(k, n), "c": np.empty((m, n), np.float32)}
        return "mm(a, b, out=c)", names
    if kind == "binary":
        n = int(rest[1])
        return "a + b", {"a": some(n), "b": some(n)}
    if kind == "sum":
        return "x.sum()", {"x": some(int(rest[0]))}
    if kind == "unary" and rest[0] in ("exp", "tanh"):
        return f"np.{rest[0]}(x)", {"np": np, "x": some(int(rest[1]))}
    if kind == "unary" and rest[0] == "relu":
        return "np.maximum(x, zero)", {"np": np, "x": some(int(rest[1])), "zero": np.float32(0)}
    raise Missing("no such operation")


def about(threads):
    try:
        from threadpoolctl import threadpool_info

        blas = [i for i in threadpool_info() if i["user_api"] == "blas"]
        core = f", OpenBLAS {blas[0]['version']}, {blas[0]['architecture']}" if blas else ""
    except ImportError:
        core = ""
    return f"NumPy {np.__version__}{core}"


serve("numpy", about, prepare)
