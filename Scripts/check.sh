#!/usr/bin/env bash
# The habits that a machine can check: format, generated files, floors, imports, warnings.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --recursive --parallel \
  Package.swift SDK Sources Plugins Tests Examples Hardening/Package.swift Hardening/Fuzzers \
  Benchmarks/Package.swift Benchmarks/Sources/cadre-bench Benchmarks/Sources/cadre-contender
Scripts/generate_ends.py --check
Scripts/check_floors.py
# The SDK builds alone, as a stranger would build it.
swift build --package-path SDK -Xswiftc -warnings-as-errors -Xcc -Wall -Xcc -Wextra -Xcc -Wpedantic -Xcc -Werror
# Elsewhere warnings are errors by the manifest. The import check's result is its exit code.
swift build --build-tests --explicit-target-dependency-import-check error
# The benchmarks are not run here, but they must build.
swift build --package-path Benchmarks
