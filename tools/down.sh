#!/usr/bin/env bash
# Destroys the quickstart's stack and stops the sandbox.
. "$(dirname "$0")/environment.sh"
. "$root/tools/node.sh"
. "$root/tools/sandbox.sh"
. "$root/tools/stack.sh"

if ! command -v pulumi >/dev/null || [ ! -d "$local/state" ]; then
    say "there is nothing to destroy: make up has not run here"
elif pulumi stack select --cwd "$root" "$stack" --non-interactive >/dev/null 2>&1; then
    if sandbox_pid >/dev/null; then
        # with the program: today's address of the sandbox, not that of the last successful up
        pulumi destroy --cwd "$root" --stack "$stack" --run-program --yes --skip-preview --non-interactive
        pulumi stack rm --cwd "$root" --yes --non-interactive "$stack"
    else
        # its hypervisors went with the sandbox's memory
        say "the sandbox does not run any more: the stack is forgotten"
        pulumi stack rm --cwd "$root" --yes --force --non-interactive "$stack"
    fi
fi
stop_sandbox
