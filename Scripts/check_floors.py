#!/usr/bin/env python3
"""Checks the walls of the house: each target imports only what its floor may.

The floors stand in Documentation/Floors.md, one row a target: | floor | target | ... | may import |. The manifest's dependencies between
targets are compared with that table, and SDK/Package.swift with the root manifest. Exit code 1 with a line a fault.
"""
import json, os, re, subprocess, sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Targets under Tests/ that tests share.
HELPERS = {"CommandFixture", "PluginFixtures", "PluginTestSupport"}
# Targets under Tests/ that tests share.
HELPERS = {"CommandFixture", "PluginFixtures", "PluginTestSupport"}


def dump(folder):
    out = subprocess.run(["swift", "package", "dump-package"], cwd=os.path.join(ROOT, folder), capture_output=True, text=True)
    if out.returncode:
        sys.exit(f"check_floors: swift package dump-package failed in {folder or '.'}:\n{out.stderr[-2000:]}")
    targets = {}
    for target in json.loads(out.stdout)["targets"]:
        names = set()
        for dependency in target["dependencies"]:
            for key in ("byName", "target"):
                if key in dependency:
                    names.add(dependency[key][0])
        targets[target["name"]] = (target["type"], names)
    return targets


def table():
    rows = {}
    for line in open(os.path.join(ROOT, "Documentation/Floors.md"), encoding="utf-8"):
        match = re.match(r"\|\s*(\d+)\s*\|\s*`(\w[\w-]*)`\s*\|.*\|([^|]*)\|\s*$", line)
        if match:
            rows[match.group(2)] = (int(match.group(1)), set(re.findall(r"`(\w[\w-]*)`", match.group(3))))
    return rows


def main():
    faults = []
    floors, targets = table(), dump("")
    own = set(targets)
    for name, (kind, dependencies) in sorted(targets.items()):
        if kind in ("test", "system") or name in HELPERS:
            continue
        is_plugin = os.path.isdir(os.path.join(ROOT, "Plugins", name)) or not (name in floors)
        inside = dependencies & own
        if name in floors:
            floor, allowed = floors[name]
            for other in sorted(inside):
                if other not in allowed:
                    faults.append(f"{name} imports {other}, which its row in Documentation/Floors.md does not allow")
                if other in floors and floors[other][0] > floor:
                    faults.append(f"{name} (floor {floor}) imports {other} from floor {floors[other][0]}")
        elif is_plugin:
            sdk = {t for t in own if os.path.isdir(os.path.join(ROOT, "SDK", t))}
            for other in sorted(inside - sdk):
                if other in floors:
                    faults.append(f"the plug-in target {name} imports {other}, which is no part of the SDK")
    for name in sorted(set(floors) - own):
        faults.append(f"Documentation/Floors.md lists {name}, which the manifest does not have")
    for name, (kind, dependencies) in sorted(dump("SDK").items()):
        if name not in targets or targets[name][1] != dependencies:
            faults.append(f"SDK/Package.swift and Package.swift declare {name} differently")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
