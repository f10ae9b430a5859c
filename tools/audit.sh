#!/usr/bin/env bash
# Verifies the registry's signatures of what is installed; that it cannot is no success.
. "$(dirname "$0")/environment.sh"
. "$root/tools/node.sh"

ensure_node
ensure_packages
cd "$root"
status=0
answer=$(timeout 300 npm audit signatures 2>&1) || status=$?
printf '%s\n' "$answer"
grep -qE '(invalid|missing) (registry )?signature' <<<"$answer" && die "packages are installed that their registry has not signed as they are"
if ((status != 0)) || ! grep -q 'verified registry signature' <<<"$answer"; then
    die "NOT VERIFIED: the registry tells no signatures (npm config get registry). Run make audit where it does."
fi
