#!/usr/bin/env bash
# The tests of the low floors under AddressSanitizer and ThreadSanitizer, in the package Hardening/.
#   Scripts/sanitize.sh                    all tests under both; ThreadSanitizer takes some minutes
#   Scripts/sanitize.sh address            all tests under one
#   Scripts/sanitize.sh thread Pool Tape   the tests whose names match
set -euo pipefail
cd "$(dirname "$0")/../Hardening"
# Leaks: Swift's runtime keeps metadata on purpose.
export ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=halt_on_error=1 SWIFT_BACKTRACE=enable=no

run() {
  local sanitizer=$1
  shift
  echo "sanitize: $sanitizer"
  swift test --sanitize "$sanitizer" --disable-xctest --scratch-path ".build/$sanitizer" "${@/#/--filter=}"
}

if [ $# -eq 0 ]; then
  run address
  run thread
else
  run "$@"
fi
