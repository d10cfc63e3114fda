"""Makes and checks the golden safetensors file with the reference implementation.

    pip install safetensors numpy ml_dtypes
    python make_safetensors.py make reference.safetensors
    python make_safetensors.py check FILE      # exits with 1 if FILE does not hold the same tensors
"""

import sys

import ml_dtypes
import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

# One note: the reference implementation writes several in no fixed order.
METADATA = {"note": 'quote " backslash \\ line\n tab\t bell\u0007 größe 😀'}


def tensors():
    ramp = np.arange(6).reshape(2, 3)
    return {
        "f32": (ramp / 4 - 0.5).astype(np.float32),
        "f64": (ramp / 3).astype(np.float64),
        "f16": (ramp / 2 - 1).astype(np.float16),
        "bf16": (ramp * 1.5 - 4).astype(ml_dtypes.bfloat16),
        "i64": ramp.astype(np.int64) * -(2**40),
        "i32": ramp.astype(np.int32) * -100_000,
        "i16": ramp.astype(np.int16) * -1000,
        "i8": ramp.astype(np.int8) * -20,
        "u64": ramp.astype(np.uint64) * np.uint64(2**61),
        "u32": ramp.astype(np.uint32) * np.uint32(800_000_000),
        "u16": ramp.astype(np.uint16) * np.uint16(13_000),
        "u8": ramp.astype(np.uint8) * np.uint8(50),
        "bool": ramp % 2 == 1,
        "c64": (ramp + 1j * ramp[::-1]).astype(np.complex64),
        "special.f32": np.array([np.inf, -np.inf, -0.0, 1e-45, 3.4e38], np.float32),
        "scalar": np.array(7.25, np.float32),
        "empty": np.zeros((0, 3), np.float32),
        'größe "quoted" 😀': np.array([1.0], np.float32),
    }


def main():
    mode, path = sys.argv[1:]
    if mode == "make":
        save_file(tensors(), path, metadata=METADATA)
        return
    found, expected = load_file(path), tensors()
    if found.keys() != expected.keys():
        sys.exit(f"names differ: {sorted(found)} and {sorted(expected)}")
    for name, tensor in expected.items():
        same = found[name].dtype == tensor.dtype and found[name].shape == tensor.shape
        if not same or found[name].tobytes() != tensor.tobytes():
            sys.exit(f"{name} differs: {found[name]!r} and {tensor!r}")
    with safe_open(path, "np") as file:
        if file.metadata() != METADATA:
            sys.exit(f"notes differ: {file.metadata()} and {METADATA}")


main()
