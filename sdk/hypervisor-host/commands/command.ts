import { shellQuote } from "../../../provider/remote/quote";
import type { HostPlan } from "../plan";

/** What is run on the host when a part is made, changed (the same as made, where it is absent) and taken down. */
export interface HostCommand {
    create: string;
    delete?: string;
}

/** What each script begins with: it ends at the first failure, and tells it in one line. */
export const prologue = ({ path }: HostPlan): string => `set -eu
path=${shellQuote(path)}; own=$path/.pulumi-isardvdi
fail() { echo "Unable to $1" >&2; exit 1; }`;

/** `docker compose`, or the older program of its own. */
export const compose = `if docker compose version >/dev/null 2>&1; then compose() { docker compose -f "$path/docker-compose.yml" "$@"; }
else compose() { docker-compose -f "$path/docker-compose.yml" "$@"; }; fi`;

/** Prints the end of a log, in which no value of the host's isardvdi.cfg is left, by the script that came with that. */
export const quietTail = `quiet_tail() { [ ! -e "$own/quiet" ] || sh "$own/quiet" "$1" "$path"/isardvdi*.cfg "$path/.env" >&2; }`;
