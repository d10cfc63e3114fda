#!/usr/bin/env bash
# The tests of the low floors under AddressSanitizer, then under ThreadSanitizer, in the package Hardening/.
#   Scripts/sanitize.sh [address|thread ...]
set -euo pipefail
cd "$(dirname "$0")/../Hardening"
# Leaks: Swift's runtime keeps metadata on purpose.
export ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=halt_on_error=1 SWIFT_BACKTRACE=enable=no
[ $# -gt 0 ] || set -- address thread
for sanitizer in "$@"; do
  echo "sanitize: $sanitizer"
  swift test --sanitize "$sanitizer" --disable-xctest --scratch-path ".build/$sanitizer"
done
