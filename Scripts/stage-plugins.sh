#!/usr/bin/env bash
# Copies the built first-party plug-ins to the folder beside the executable where the host looks for them, and writes their
# manifests and the list that makes them first-party.
#   Scripts/stage-plugins.sh [debug|release]
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.build/${1:-debug}
folder=$bin/cadre-plugins
mkdir -p "$folder"
chmod go-w "$folder"
wanted=()
for plugin in Plugins/*/Agent; do
  library=lib$(basename "$(dirname "$plugin")").so
  wanted+=("$library")
  [ -f "$bin/$library" ] || { echo "stage-plugins: $bin/$library is missing: build first" >&2; exit 1; }
  # Replaced by rename, so that a host that has the old one open keeps it.
  if ! cmp -s "$bin/$library" "$folder/$library"; then
    cp "$bin/$library" "$folder/.$library.new"
    mv "$folder/.$library.new" "$folder/$library"
  fi
done
for old in "$folder"/*.so; do
  name=$(basename "$old")
  printf '%s\n' "${wanted[@]}" | grep -qx "$name" || rm -f "$old" "${old%.so}.cadre.json"
done
"$bin/cadre" plugins seal --first-party --quiet "$folder"
