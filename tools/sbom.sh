#!/usr/bin/env bash
# Writes what a user of the package installs with it, of the lock file.
. "$(dirname "$0")/environment.sh"
. "$root/tools/node.sh"

ensure_node
ensure_packages
mkdir -p "$local"
cd "$root"
npm sbom --sbom-format cyclonedx --sbom-type library --omit dev --omit peer --omit optional >"$local/sbom.cdx.json.new"
mv "$local/sbom.cdx.json.new" "$local/sbom.cdx.json"
say "written: .local/sbom.cdx.json"
