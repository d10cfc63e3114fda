"""Sends pyarrow's tables through ArrowTables and compares what comes back.
Usage: check_tables.py LAYOUT.json LIBRARY"""
import ctypes
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Layout"))
import pyarrow as pa
from layout import Layout, expect

layout = Layout(sys.argv[1])
library = ctypes.CDLL(sys.argv[2])
library.arrow_interop_round_trip.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_char_p]


def send(table, rows=3):
    source, target = layout.new("ArrowArrayStream"), layout.new("ArrowArrayStream")
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches())
    reader._export_to_c(source.address)
    message = ctypes.create_string_buffer(512)
    status = library.arrow_interop_round_trip(source.address, target.address, rows, message)
    expect("moved from", source.get("release", ctypes.c_void_p), None)
    if status:
        return message.value.decode()
    return pa.RecordBatchReader._import_from_c(target.address).read_all()


def check(what, table, like=None, rows=3):
    result = send(table, rows)
    if isinstance(result, str):
        sys.exit(f"{what}: {result}")
    result.validate(full=True)
    expect(what, result.to_pylist(), (like or table).to_pylist())
    return result


texts = ["hello", None, "", "Grüße 👋🏽", "a\0b", "x" * 1000, None]
table = pa.table({
    "text": texts,
    "large": pa.array(texts, pa.large_string()),
    "n": pa.array([1, None, -(2**63), 2**63 - 1, 0, 5, 6], pa.int64()),
    "small": pa.array([1, None, -(2**31), 2**31 - 1, 0, 5, 6], pa.int32()),
    "x": pa.array([0.5, None, -math.inf, math.inf, 1e308, -0.0, 5e-324], pa.float64()),
    "f": pa.array([0.5, None, -math.inf, math.inf, 1.5, -0.0, 2.0], pa.float32()),
    "flag": [True, None, False, True, True, False, None],
})
result = check("all types", table)
expect("schema", [str(t) for t in result.schema.types],
       ["string", "string", "int64", "int64", "double", "double", "bool"])
for rows in (1, 2, 7, 100):
    check(f"batches of {rows}", table, rows=rows)
for start in range(7):
    for length in range(1, 8 - start):
        part = table.slice(start, length)
        check(f"slice {start}+{length}", part)
        check(f"taken {start}+{length}", pa.table(part.to_pydict(), schema=part.schema))
check("sliced columns", pa.table({"a": pa.array(texts)[2:5], "b": pa.array([None, 1, 2, 3])[1:]}))
check("chunks", pa.concat_tables([table.slice(0, 2), table.slice(5), table.slice(3, 1)]))
check("no rows", table.slice(0, 0))
check("many rows", pa.table({"t": [str(i) for i in range(70_000)], "n": list(range(70_000))}), rows=65_536)
check("bits of slices", pa.table({"b": pa.array([i % 3 == 0 for i in range(100)])}).slice(13, 70))

tagged = pa.schema([pa.field("t", pa.string(), metadata={"other": "x", "cadre.tags": "pii,raw"})])
back = send(pa.table({"t": ["a"]}, schema=tagged))
expect("tags", back.schema.field("t").metadata, {b"cadre.tags": b"pii,raw"})

for kind, name, values in [
    (pa.string_view(), "utf8_view", ["a"]), (pa.binary(), "binary", [b"a"]), (pa.uint32(), "uint32", [1]),
    (pa.timestamp("us"), "timestamp", [0]), (pa.list_(pa.int64()), "list", [[1]]), (pa.int8(), "int8", [1]),
    (pa.decimal128(5, 2), "decimal", [None]), (pa.null(), "null", [None]),
]:
    refusal = send(pa.table({"c": pa.array(values, kind)}))
    expect(f"{kind} is refused", isinstance(refusal, str) and name in refusal and "'c'" in refusal, True)
refusal = send(pa.table({"c": pa.array(["x", "x"]).dictionary_encode()}))
expect("dictionary is refused", isinstance(refusal, str) and "dictionary" in refusal, True)
broken = pa.Array.from_buffers(pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xff")])
refusal = send(pa.table({"c": broken}))
expect("broken UTF-8 is refused", isinstance(refusal, str) and "row 1" in refusal and "UTF-8" in refusal, True)
print("ok", pa.__version__)
