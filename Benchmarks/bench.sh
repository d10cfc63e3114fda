#!/usr/bin/env bash
# make bench: builds the contenders, makes the peers ready, measures, prints the table. README.md says how to read it.
# Arguments go to cadre-bench: --only gemm, --quick, --json FILE, ...
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD

swift build -c release --product machine-limits
swift build -c release --product cadre-contender
swift build -c release --product cadre-bench
products=$(swift build -c release --show-bin-path)
Peers/prepare.sh "$here/.build/peers"
exec "$products/cadre-bench" --products "$products" --peers "$here/.build/peers" --scripts "$here/Peers" "$@"
