"""Checks the Arrow C interfaces as our headers declare them against pyarrow: its structs read by our offsets, and
ours taken by pyarrow. Usage: check_arrow.py LAYOUT.json"""
import ctypes
import sys

import pyarrow as pa
from layout import Layout, expect

layout = Layout(sys.argv[1])
P, I64 = ctypes.c_void_p, ctypes.c_int64
RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


def text(address):
    return ctypes.string_at(address).decode()


array, schema = layout.new("ArrowArray"), layout.new("ArrowSchema")
pa.array([1, None, 3, 4], pa.int64())[1:]._export_to_c(array.address, schema.address)
expect("format", text(schema.get("format", P)), "l")
expect("flags", schema.get("flags", I64) & 2, 2)
expect("n_children", (schema.get("n_children", I64), array.get("n_children", I64)), (0, 0))
expect("dictionary", (schema.get("dictionary", P), array.get("dictionary", P)), (None, None))
expect("length, nulls, offset, buffers",
       tuple(array.get(f, I64) for f in ("length", "null_count", "offset", "n_buffers")), (3, 1, 1, 2))
buffers = (P * 2).from_address(array.get("buffers", P))
expect("values", list((I64 * 4).from_address(buffers[1]))[2:], [3, 4])
for struct in (array, schema):
    RELEASE(struct.get("release", P))(struct.address)
    expect("released", struct.get("release", P), None)

array, schema = layout.new("ArrowArray"), layout.new("ArrowSchema")
batch = pa.record_batch({"text": ["a", "bc"], "n": pa.array([1, 2], pa.int32())})
batch._export_to_c(array.address, schema.address)
expect("struct format", text(schema.get("format", P)), "+s")
children = (P * 2).from_address(schema.get("children", P))
first = layout.at("ArrowSchema", children[0])
expect("child", (text(first.get("format", P)), text(first.get("name", P))), ("u", "text"))
child = layout.at("ArrowArray", (P * 2).from_address(array.get("children", P))[1])
expect("child length", child.get("length", I64), 2)
for struct in (array, schema):
    RELEASE(struct.get("release", P))(struct.address)

dictionary = pa.array(["x", "y", "x"]).dictionary_encode()
array, schema = layout.new("ArrowArray"), layout.new("ArrowSchema")
dictionary._export_to_c(array.address, schema.address)
values = layout.at("ArrowSchema", schema.get("dictionary", P))
expect("dictionary format", text(values.get("format", P)), "u")
for struct in (array, schema):
    RELEASE(struct.get("release", P))(struct.address)

field = pa.field("f", pa.int8(), metadata={"key": "value"})
schema = layout.new("ArrowSchema")
field._export_to_c(schema.address)
expect("metadata", ctypes.string_at(schema.get("metadata", P), 20), b"\1\0\0\0\3\0\0\0key\5\0\0\0value")
RELEASE(schema.get("release", P))(schema.address)

released = []


@RELEASE
def release_array(address):
    released.append("array")
    layout.at("ArrowArray", address).set("release", P, None)


@RELEASE
def release_schema(address):
    released.append("schema")
    layout.at("ArrowSchema", address).set("release", P, None)


numbers, names = (I64 * 3)(7, 8, 9), (ctypes.c_char_p(b"l"), ctypes.c_char_p(b"ours"))
pointers = (P * 2)(None, ctypes.addressof(numbers))
array, schema = layout.new("ArrowArray"), layout.new("ArrowSchema")
schema.set("format", ctypes.c_char_p, b"l")
schema.set("name", ctypes.c_char_p, b"ours")
schema.set("flags", I64, 2)
schema.set("release", P, ctypes.cast(release_schema, P).value)
for name, value in (("length", 3), ("n_buffers", 2)):
    array.set(name, I64, value)
array.set("buffers", P, ctypes.addressof(pointers))
array.set("release", P, ctypes.cast(release_array, P).value)
taken = pa.Array._import_from_c(array.address, schema.address)
expect("taken", taken.to_pylist(), [7, 8, 9])
del taken
expect("released once", sorted(released), ["array", "schema"])

stream = layout.new("ArrowArrayStream")
reader = pa.RecordBatchReader.from_batches(batch.schema, [batch, batch])
reader._export_to_c(stream.address)
GET = ctypes.CFUNCTYPE(ctypes.c_int, P, P)
schema, array = layout.new("ArrowSchema"), layout.new("ArrowArray")
expect("get_schema", GET(stream.get("get_schema", P))(stream.address, schema.address), 0)
expect("stream schema", text(schema.get("format", P)), "+s")
RELEASE(schema.get("release", P))(schema.address)
for rows in (2, 2):
    expect("get_next", GET(stream.get("get_next", P))(stream.address, array.address), 0)
    expect("stream rows", array.get("length", I64), rows)
    RELEASE(array.get("release", P))(array.address)
expect("end", GET(stream.get("get_next", P))(stream.address, array.address), 0)
expect("end is a released array", array.get("release", P), None)
RELEASE(stream.get("release", P))(stream.address)
print("ok", pa.__version__)
