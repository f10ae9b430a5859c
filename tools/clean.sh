#!/usr/bin/env bash
# Takes out what make has put into the cache, for all checkouts of this user, and what it has made in this one.
. "$(dirname "$0")/environment.sh"
. "$root/tools/sandbox.sh"

if sandbox_pid >/dev/null; then die "the sandbox runs: make down stops it first"; fi
for each in "$cache"/{node,pulumi,language-host,floor,lab,hosts,docker,go}-* "$cache"/{packages,docker,go,pulumi,node,floor}.?????? \
    "$cache"/{log,compose-dotenv} "$local" "$root/dist" "$root/node_modules"; do
    [ -e "$each" ] || continue
    say "removing $each"
    # Go writes some of its folders without the right to change them
    chmod -R u+w "$each" 2>/dev/null || true
    rm -rf "$each"
done
rmdir "$cache" 2>/dev/null || true
