"""PyTorch, as its users write it: eager calls, results allocated anew. With --onednn its products go through oneDNN with
weights packed ahead, instead of MKL."""

import sys

import torch
import torch.nn.functional as F
from contender import Missing, serve

ONEDNN = "--onednn" in sys.argv
if ONEDNN:
    sys.argv.remove("--onednn")

UNARY = {
    "exp": "torch.exp(x)",
    "tanh": "torch.tanh(x)",
    "relu": "torch.relu(x)",
    "gelu": "F.gelu(x)",
    "gelu_tanh": "F.gelu(x, approximate='tanh')",
}


def linear(m, k, n, activation):
    """x [M, K] times w [N, K] turned round, as torch.nn.Linear keeps it, plus bias, then the activation."""
    x, w, b = torch.randn(m, k), torch.randn(n, k) * k**-0.5, torch.randn(n)
    names = {"x": x, "w": w, "b": b, "F": F, "torch": torch}
    if ONEDNN:
        names["w"] = torch.ops.mkldnn._reorder_linear_weight(w, m)
        names["linear"] = torch.ops.mkldnn._linear_pointwise
        after = {"none": "'none', [], ''", "gelu": "'gelu', [], 'none'"}[activation]
        return f"linear(x, w, b, {after})", names
    product = "F.linear(x, w, b)"
    return {"none": product, "gelu": f"F.gelu({product})"}[activation], names


def matmul(m, k, n, form):
    """A product alone. Packed ahead only through oneDNN: MKL's packed form is not in PyTorch's interface."""
    a, b = torch.randn(m, k), torch.randn(k, n)
    if form == "packed":
        if not ONEDNN:
            raise Missing("no packed operands in its interface")
        w = torch.ops.mkldnn._reorder_linear_weight(b.t().contiguous(), m)
        names = {"x": a, "w": w, "linear": torch.ops.mkldnn._linear_pointwise}
        return "linear(x, w, None, 'none', [], '')", names
    if ONEDNN:
        raise Missing("its oneDNN products want packed operands")
    return "mm(a, b, out=c)", {"mm": torch.mm, "a": a, "b": b, "c": torch.empty(m, n)}


def mlp(optimizer):
    """A whole training step of 784-512-256-10 at batch 128, its optimizer in the fused form, the fastest it has."""
    if ONEDNN:
        raise Missing("eager training does not go through oneDNN")
    torch.manual_seed(1)
    layers = [torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 256), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers, torch.nn.Linear(256, 10))
    x, y = torch.randn(128, 784), torch.randint(0, 10, (128,))
    if optimizer == "sgd":
        chosen = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True)
    else:
        chosen = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)

    def step():
        chosen.zero_grad(set_to_none=True)
        F.cross_entropy(model(x), y).backward()
        chosen.step()

    return "step()", {"step": step}


def prepare(words, threads):
    kind, rest = words[0], words[1:]
    if kind == "mlp":
        return mlp(*rest)
    if kind in ("linear", "matmul"):
        m, k, n = map(int, rest[:3])
        with torch.no_grad():
            return (linear if kind == "linear" else matmul)(m, k, n, rest[3])
    if ONEDNN:
        raise Missing("only products go through oneDNN")
    names = {"torch": torch, "F": F}
    if kind == "unary":
        return UNARY[rest[0]], {**names, "x": torch.randn(int(rest[1]))}
    if kind == "binary":
        n = int(rest[1])
        return "a + b", {"a": torch.randn(n), "b": torch.randn(n)}
    if kind == "sum":
        return "x.sum()", {"x": torch.randn(int(rest[0]))}
    if kind == "softmax":
        return "F.softmax(x, -1)", {**names, "x": torch.randn(int(rest[0]), int(rest[1]))}
    if kind == "layer_norm":
        rows, columns = map(int, rest)
        parts = {"x": torch.randn(rows, columns), "s": torch.randn(columns), "b": torch.randn(columns)}
        return f"F.layer_norm(x, ({columns},), s, b)", {**names, **parts}
    raise Missing("no such case")


def about(threads):
    torch.set_num_threads(threads)
    torch.set_grad_enabled(True)
    return f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}"


serve("torch-onednn" if ONEDNN else "torch", about, prepare)
