#!/usr/bin/env bash
# Installs what the tests need and runs every suite, or those named as arguments.
. "$(dirname "$0")/environment.sh"
. "$root/tools/node.sh"
. "$root/tools/pulumi.sh"
. "$root/tools/lab.sh"

ensure_node
ensure_packages
build
ensure_pulumi
ensure_lab
cd "$root"
exec npx ts-node tools/test/run.ts "$@"
