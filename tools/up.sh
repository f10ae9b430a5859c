#!/usr/bin/env bash
# The main job: from a bare machine to a hypervisor that is Online.
. "$(dirname "$0")/environment.sh"
. "$root/tools/node.sh"
. "$root/tools/pulumi.sh"
. "$root/tools/sandbox.sh"
. "$root/tools/stack.sh"

ensure_node
ensure_packages
build
ensure_pulumi
ensure_sandbox
ensure_stack
configure_stack

# a new sandbox knows nothing of the hypervisors of the last one; a refresh alone would still use the last one's
# address, which Pulumi keeps in the stack
refresh=()
if $sandbox_is_new && pulumi stack export --cwd "$root" --stack "$stack" | grep -q ':Hypervisor"'; then refresh=(--refresh --run-program); fi
pulumi up --cwd "$root" --stack "$stack" --yes --skip-preview --non-interactive "${refresh[@]}"
pulumi stack export --cwd "$root" --stack "$stack" | node "$root/tools/hypervisors.js"
