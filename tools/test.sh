#!/usr/bin/env bash
# Installs what the tests need and runs every suite, or those named as arguments (--help).
. "$(dirname "$0")/environment.sh"
. "$root/tools/node.sh"

ensure_node
ensure_packages
cd "$root"
# what a run has compiled, the next process need not (Node 22 and later)
export NODE_COMPILE_CACHE=$local/node-cache
exec node_modules/.bin/ts-node tools/test/run.ts "$@"
