#!/usr/bin/env bash
# Installs what the build and the tests need beyond the Swift toolchain. Does nothing where all of it is there.
set -euo pipefail

packages=(
  libsqlite3-dev  # the journal, and the SQLite source
  pkg-config      # finds system libraries
  g++             # the C++ side of the ABI tests
  make git python3 python3-venv
)

command -v swift >/dev/null || {
  echo "setup: no 'swift' in PATH; install a Swift 6.3 toolchain from https://www.swift.org/install first" >&2
  exit 1
}
missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
fi
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "setup: install these as root, then try again: apt-get install ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -q
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
