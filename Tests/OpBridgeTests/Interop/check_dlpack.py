"""Tensors of numpy (and of torch, where it is there) and the op table's, both ways, compared by address.

    check_dlpack.py libinterop.so
"""

import ctypes
import gc
import sys

import numpy

try:
    import torch
except ImportError:
    torch = None

library = ctypes.CDLL(sys.argv[1])
for name in ("interop_import", "interop_export"):
    getattr(library, name).restype = ctypes.c_void_p
    getattr(library, name).argtypes = [ctypes.c_void_p]
library.interop_address.restype = ctypes.c_size_t
library.interop_address.argtypes = [ctypes.c_void_p]
library.interop_release.argtypes = [ctypes.c_void_p]

python = ctypes.pythonapi
python.PyCapsule_GetPointer.restype = ctypes.c_void_p
python.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
python.PyCapsule_SetName.argtypes = [ctypes.py_object, ctypes.c_char_p]
python.PyCapsule_New.restype = ctypes.py_object
python.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
NAME, USED = b"dltensor_versioned", b"used_dltensor_versioned"


def give(array):
    """The handle of an array that the op table took over."""
    capsule = array.__dlpack__(max_version=(1, 0))
    pointer = python.PyCapsule_GetPointer(capsule, NAME)
    python.PyCapsule_SetName(capsule, USED)
    handle = library.interop_import(pointer)
    assert handle, "the op table refused it"
    return handle


class Given:
    """A tensor of the op table as Python's libraries take it."""

    def __init__(self, handle):
        self.handle = handle

    def __dlpack__(self, **_):
        return python.PyCapsule_New(library.interop_export(self.handle), NAME, None)

    def __dlpack_device__(self):
        return (1, 0)


def take_numpy(handle):
    return numpy.from_dlpack(Given(handle))


def check(make, address, take, is_shared, to_numpy, what):
    array = make()
    expected = numpy.array(to_numpy(array))
    handle = give(array)
    shares = library.interop_address(handle) == address(array)
    assert shares == is_shared, f"{what}: shared is {shares}, expected {is_shared}"
    back = take(handle)
    assert address(back) == library.interop_address(handle), f"{what}: copied on the way out"
    library.interop_release(handle)
    del array
    gc.collect()
    numpy.testing.assert_array_equal(to_numpy(back), expected, err_msg=what)


base = numpy.arange(24, dtype=numpy.float32).reshape(2, 3, 4)
unaligned = numpy.frombuffer(bytearray(4 * 6 + 1), dtype=numpy.uint8)[1:].view(numpy.float32)
cases = [
    ("dense", lambda: base.copy(), True),
    ("a part that is dense", lambda: base.copy()[1], True),
    ("doubles", lambda: numpy.linspace(0, 1, 7), True),
    ("whole numbers", lambda: numpy.arange(5), True),
    ("truth values", lambda: numpy.array([True, False]), True),
    ("a scalar", lambda: numpy.array(2.5, dtype=numpy.float32), True),
    ("transposed", lambda: base.copy().transpose(2, 0, 1), False),
    ("every second", lambda: base.copy()[:, :, ::2], False),
]
refused = [
    ("backwards", lambda: base.copy()[::-1]),
    ("repeated", lambda: numpy.broadcast_to(base.copy()[:, :1], base.shape).view()),
    ("unaligned", lambda: unaligned),
]
for what, make in refused:
    try:
        capsule = make().__dlpack__(max_version=(1, 0))
    except (BufferError, ValueError) as error:
        print(f"numpy does not give what is {what}: {error}", file=sys.stderr)
        continue
    pointer = python.PyCapsule_GetPointer(capsule, NAME)
    python.PyCapsule_SetName(capsule, USED)
    assert not library.interop_import(pointer), f"{what}: taken, where it must be refused"
for what, make, is_shared in cases:
    try:
        make().__dlpack__(max_version=(1, 0))
    except (BufferError, ValueError) as error:
        print(f"numpy does not give what is {what}: {error}", file=sys.stderr)
        continue
    check(make, lambda a: a.ctypes.data, take_numpy, is_shared, numpy.asarray, what)

if torch is not None:
    tensor = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    for what, make, is_shared in [
        ("torch, dense", lambda: tensor.clone(), True),
        ("torch, transposed", lambda: tensor.clone().permute(2, 0, 1), False),
        ("torch, bfloat16", lambda: tensor.to(torch.bfloat16), True),
    ]:
        check(
            make,
            lambda t: t.data_ptr(),
            lambda handle: torch.from_dlpack(Given(handle)),
            is_shared,
            lambda t: t.float().numpy(),
            what,
        )

gc.collect()
assert library.interop_count() == 0, f"{library.interop_count()} handles left"
print("ok", "with torch" if torch is not None else "without torch")
