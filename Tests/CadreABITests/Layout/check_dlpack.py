"""Checks DLPack as our headers declare it against numpy: numpy's tensors read by our offsets, and ours taken by
numpy. Usage: check_dlpack.py LAYOUT.json"""
import ctypes
import sys

import numpy as np
from layout import Layout, expect

layout = Layout(sys.argv[1])
api = ctypes.pythonapi
api.PyCapsule_GetPointer.restype = ctypes.c_void_p
api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
api.PyCapsule_New.restype = ctypes.py_object
api.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]

FLOAT, INT, UINT, BOOL = 2, 0, 1, 6
DTYPES = [
    (np.float32, FLOAT, 32), (np.float64, FLOAT, 64), (np.int64, INT, 64), (np.int32, INT, 32), (np.int8, INT, 8),
    (np.uint8, UINT, 8), (np.bool_, BOOL, 8),
]


def check_tensor(what, tensor, array, code, bits):
    expect(f"{what} device", (tensor.get("device.device_type", ctypes.c_int32),
                              tensor.get("device.device_id", ctypes.c_int32)), (1, 0))
    expect(f"{what} ndim", tensor.get("ndim", ctypes.c_int32), array.ndim)
    expect(f"{what} dtype", (tensor.get("dtype.code", ctypes.c_uint8), tensor.get("dtype.bits", ctypes.c_uint8),
                             tensor.get("dtype.lanes", ctypes.c_uint16)), (code, bits, 1))
    shape = tensor.get("shape", ctypes.c_void_p)
    expect(f"{what} shape", tuple((ctypes.c_int64 * array.ndim).from_address(shape)), array.shape)
    strides = tensor.get("strides", ctypes.c_void_p)
    if strides:
        expect(f"{what} strides", tuple((ctypes.c_int64 * array.ndim).from_address(strides)),
               tuple(s // array.itemsize for s in array.strides))
    address = tensor.get("data", ctypes.c_void_p) + tensor.get("byte_offset", ctypes.c_uint64)
    expect(f"{what} data", address, array.ctypes.data)


for dtype, code, bits in DTYPES:
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    for view in (array, array[:, 1:, ::2], array.transpose(2, 0, 1)):
        capsule = view.__dlpack__(max_version=(1, 0))
        managed = layout.at("DLManagedTensorVersioned", api.PyCapsule_GetPointer(capsule, b"dltensor_versioned"))
        expect("version", managed.get("version.major", ctypes.c_uint32), 1)
        expect("deleter", bool(managed.get("deleter", ctypes.c_void_p)), True)
        expect("flags", managed.get("flags", ctypes.c_uint64) & 1, 0)
        tensor = layout.at("DLTensor", managed.address + managed.offsets["dl_tensor"])
        check_tensor(f"versioned {np.dtype(dtype)}", tensor, view, code, bits)
        old = view.__dlpack__()
        managed = layout.at("DLManagedTensor", api.PyCapsule_GetPointer(old, b"dltensor"))
        tensor = layout.at("DLTensor", managed.address + managed.offsets["dl_tensor"])
        check_tensor(f"unversioned {np.dtype(dtype)}", tensor, view, code, bits)

read_only = np.arange(3.0)
read_only.flags.writeable = False
capsule = read_only.__dlpack__(max_version=(1, 0))
managed = layout.at("DLManagedTensorVersioned", api.PyCapsule_GetPointer(capsule, b"dltensor_versioned"))
expect("read-only flag", managed.get("flags", ctypes.c_uint64) & 1, 1)

deleted = []
DELETER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
deleter = DELETER(lambda pointer: deleted.append(pointer))


class Ours:
    """An object that hands out a tensor laid out by our headers."""

    def __init__(self, values, shape, dtype, code, bits):
        self.data = np.array(values, dtype=dtype)
        self.shape = (ctypes.c_int64 * len(shape))(*shape)
        self.managed = layout.new("DLManagedTensorVersioned")
        self.managed.set("version.major", ctypes.c_uint32, 1)
        self.managed.set("deleter", ctypes.c_void_p, ctypes.cast(deleter, ctypes.c_void_p).value)
        tensor = layout.at("DLTensor", self.managed.address + self.managed.offsets["dl_tensor"])
        tensor.set("data", ctypes.c_void_p, self.data.ctypes.data)
        tensor.set("device.device_type", ctypes.c_int32, 1)
        tensor.set("ndim", ctypes.c_int32, len(shape))
        tensor.set("dtype.code", ctypes.c_uint8, code)
        tensor.set("dtype.bits", ctypes.c_uint8, bits)
        tensor.set("dtype.lanes", ctypes.c_uint16, 1)
        tensor.set("shape", ctypes.c_void_p, ctypes.addressof(self.shape))

    def __dlpack_device__(self):
        return (1, 0)

    def __dlpack__(self, **_):
        return api.PyCapsule_New(self.managed.address, b"dltensor_versioned", None)


for dtype, code, bits in DTYPES:
    ours = Ours(range(6), (2, 3), dtype, code, bits)
    taken = np.from_dlpack(ours)
    expect("taken dtype", taken.dtype, np.dtype(dtype))
    expect("taken values", taken.tolist(), np.arange(6).reshape(2, 3).astype(dtype).tolist())
    del taken
    expect("deleted once", deleted, [ours.managed.address])
    deleted.clear()
print("ok", np.__version__)
