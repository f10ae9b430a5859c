#!/usr/bin/env bash
# run.sh [--with-pulumi] [--with-lab] COMMAND...: runs a command of the project once what it needs is there.
. "$(dirname "$0")/environment.sh"
. "$root/tools/node.sh"
. "$root/tools/pulumi.sh"
. "$root/tools/lab.sh"

ensure_node
ensure_packages
if [ "$1" = --with-pulumi ]; then
    shift
    ensure_pulumi
fi
if [ "$1" = --with-lab ]; then
    shift
    ensure_lab
fi
cd "$root"
exec "$@"
