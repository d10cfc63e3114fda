#!/usr/bin/env bash
# Makes the peers ready in a folder of their own (Benchmarks/.build/peers), installing nothing on the system: a virtual
# environment with NumPy and PyTorch from PyPI, and oneDNN and OpenBLAS out of Debian's packages. A peer that cannot be had leaves
# <name>.missing with the reason, which the table then prints. Does only what is not there yet.
#
# CADRE_TORCH_WHEEL: a wheel of PyTorch for CPUs; PyPI's own brings gigabytes of CUDA along.
# CADRE_BENCH_PYTHON: an interpreter that has the packages already; then nothing is downloaded for Python.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
into=${1:?the folder to put them in}
mkdir -p "$into"
cd "$into" || exit 1

missing() { echo "$2" >"$1.missing"; echo "bench: no $1: $2" >&2; }

# A CPU wheel for this Python that lies somewhere on this machine: PyPI's own brings gigabytes of CUDA.
torch_wheel() {
  local tag
  tag=cp$("$python" -c 'import sys; print(f"{sys.version_info[0]}{sys.version_info[1]}")')
  find ${PIP_FIND_LINKS:-/} -xdev -name "torch-*+cpu-$tag-*$(uname -m).whl" 2>/dev/null | sort -V | tail -1
}

python_peers() {
  python=${CADRE_BENCH_PYTHON:-}
  if [ -z "$python" ]; then
    [ -x venv/bin/python ] || python3 -m venv venv >log 2>&1 || {
      missing numpy "python3 -m venv failed, see $into/log"; missing torch "no virtual environment"; return
    }
    python=$into/venv/bin/python
  fi
  # Not a link: an interpreter finds its virtual environment by its own path.
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$python" >python && chmod +x python
  "$python" -c 'import numpy, threadpoolctl' 2>/dev/null || {
    echo "bench: installing NumPy into $into/venv"
    "$python" -m pip install -q numpy threadpoolctl >>log 2>&1 || missing numpy "pip install numpy failed, see $into/log"
  }
  "$python" -c 'import torch' 2>/dev/null || {
    local wheel=${CADRE_TORCH_WHEEL:-$(torch_wheel)}
    if [ -n "$wheel" ]; then
      echo "bench: installing PyTorch ($wheel) into $into/venv"
      "$python" -m pip install -q "$wheel" >>log 2>&1
    else
      false
    fi || missing torch "no CPU wheel on this machine: set CADRE_TORCH_WHEEL to one (see $into/log)"
  }
}

# Unpacks Debian packages into the peers' folder: `download` needs no root and installs nothing.
debian() {
  command -v apt-get >/dev/null || { echo "bench: no apt-get" >>log; return 1; }
  echo "bench: fetching $* from Debian into $into/debian"
  apt-get -o APT::Sandbox::User=root download -q "$@" >>log 2>&1 || return 1
  local package
  for package in ./*.deb; do dpkg -x "$package" debian; done
  rm -f ./*.deb
}

debian_peers() {
  local library=debian/usr/lib/$(uname -m)-linux-gnu contender=$here/../Sources/Contender
  local blas=$library/openblas-pthread
  local flags=(-O2 -w -I"$contender/include" -Idebian/usr/include)
  linked() { echo "-L$1 -Wl,--disable-new-dtags,-rpath,$into/$1,-rpath,$into/$library,-rpath-link,$library"; }
  gcc "${flags[@]}" -c "$contender/serve.c" -o serve.o && gcc "${flags[@]}" -c "$contender/timing.c" -o timing.o

  [ -e "$library/libdnnl.so" ] || debian libdnnl2 libdnnl-dev ocl-icd-libopencl1
  if [ -e "$library/libdnnl.so" ]; then
    g++ -std=c++17 "${flags[@]}" "$here/onednn_peer.cpp" serve.o timing.o -o onednn_peer $(linked "$library") -ldnnl \
      2>>log || missing onednn "the driver did not compile, see $into/log"
  else
    missing onednn "apt-get download libdnnl-dev failed (apt-get update first?), see $into/log"
  fi

  [ -e "$blas/libopenblas.so.0" ] || debian libopenblas0-pthread libgfortran5 libquadmath0
  if [ -e "$blas/libopenblas.so.0" ]; then
    gcc "${flags[@]}" "$here/openblas_peer.c" serve.o timing.o -o openblas_peer $(linked "$blas") -l:libopenblas.so.0 \
      2>>log || missing openblas "the driver did not compile, see $into/log"
  else
    missing openblas "apt-get download libopenblas0-pthread failed (apt-get update first?), see $into/log"
  fi
}

rm -f ./*.missing
python_peers
debian_peers
cc -shared -fPIC -O2 "$here/intel_cpu.c" -o intel_cpu.so 2>>log || missing torch-avx512 "intel_cpu.c did not compile"
exit 0
