#!/usr/bin/env bash
# run.sh [--build] [--with-pulumi] [--with-lab] [--with-docker] [--with-floor] COMMAND...: runs a command of the project once what it needs is there.
. "$(dirname "$0")/environment.sh"
. "$root/tools/node.sh"
. "$root/tools/pulumi.sh"
. "$root/tools/floor.sh"
. "$root/tools/docker.sh"

ensure_node
ensure_packages
while true; do
    case $1 in
        --build) build ;;
        --with-pulumi) ensure_pulumi ;;
        --with-lab) ensure_lab ;;
        --with-docker) ensure_docker ;;
        --with-floor) ensure_floor ;;
        *) break ;;
    esac
    shift
done
cd "$root"
exec "$@"
