#!/usr/bin/env bash
# Measures the elementary functions over all 2^32 floats on each instruction set; fails above their bounds.
#   Scripts/ulp.sh [FUNCTION ...]
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .build/ulp
# The compiler that the kernels are built with stands beside swift.
clang=$(dirname "$(command -v swift)")/clang
[ -x "$clang" ] || clang=clang
mapfile -t sources < <(find Sources/TensorKernels -name '*.c')
"$clang" -O2 -I Sources/TensorKernels/include "${sources[@]}" Tests/TensorKernelsTests/Exhaustive/ulp_all_floats.c \
  -lm -lpthread -o .build/ulp/ulp_all_floats
.build/ulp/ulp_all_floats "$@"
