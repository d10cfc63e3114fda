"""Memory by the offsets that our headers gave: `Layout(json)` reads and writes fields of foreign structs."""
import ctypes
import json
import sys


class Struct:
    def __init__(self, layout, name, address):
        self.size, self.offsets = layout[name]
        self.address = address

    def get(self, field, kind):
        return kind.from_address(self.address + self.offsets[field]).value

    def set(self, field, kind, value):
        kind.from_address(self.address + self.offsets[field]).value = value


class Layout:
    def __init__(self, path):
        self.structs = json.load(open(path))
        self.memory = []

    def at(self, name, address):
        return Struct(self.structs, name, address)

    def new(self, name):
        buffer = ctypes.create_string_buffer(self.structs[name][0])
        self.memory.append(buffer)
        return Struct(self.structs, name, ctypes.addressof(buffer))


def expect(what, got, want):
    if got != want:
        sys.exit(f"{what}: got {got!r}, want {want!r}")
