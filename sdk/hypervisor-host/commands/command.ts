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

/** Prints the end of a log, in which no value of a credential of the host's isardvdi.cfg is left. */
export const quietTail = String.raw`quiet_tail() {
    tail -n 20 "$1" | awk -v cfg="$path/isardvdi.cfg" '
        BEGIN {
            while ((getline line < cfg) > 0) {
                at = index(line, "="); key = substr(line, 1, at - 1); value = substr(line, at + 1)
                if (key !~ /SECRET|PASS|PWD|TOKEN|KEY|PRIVATE|CREDENTIAL|AUTH/) continue
                gsub(/^["\047]|["\047]$/, "", value)
                if (length(value) > 2) secrets[value] = 1
            }
        }
        {
            for (secret in secrets)
                while ((at = index($0, secret)) > 0)
                    $0 = substr($0, 1, at - 1) "[secret]" substr($0, at + length(secret))
            print
        }' >&2
}`;
