#!/usr/bin/env bash
# Builds the fuzzers of Hardening/ and runs each for some seconds (60). Stops at the first finding.
#   Scripts/fuzz.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/../Hardening"
seconds=${1:-60}
export CADRE_FUZZ=1 SWIFT_BACKTRACE=enable=no
swift build --scratch-path .build/fuzzers
mkdir -p .build/fuzz/corpus
cd .build/fuzz
for fuzzer in ../../Fuzzers/fuzz-*/; do
  name=$(basename "$fuzzer")
  cp "../fuzzers/debug/$name" .
  mkdir -p "corpus/$name"
  # Leaks: Swift's runtime keeps metadata on purpose. The memory limit is the program's own, doubled by the sanitizer.
  ASAN_OPTIONS=detect_leaks=0 "./$name" -max_total_time="$seconds" -max_len=512 -print_final_stats=1 -timeout=10 \
    -rss_limit_mb=2048 "corpus/$name" 2> "$name.log" || { tail -60 "$name.log" >&2; exit 1; }
  grep -E "stat::number_of_executed_units|DONE|cov:" "$name.log" | tail -2
done
