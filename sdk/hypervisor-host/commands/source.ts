import { shellQuote } from "../../../provider/remote/quote";
import type { HostPlan } from "../plan";
import { type HostCommand, prologue } from "./command";

/** IsardVDI's checkout at the release; its commit is printed. The checkout stays when the host is taken down. */
export const source = (plan: HostPlan): HostCommand => ({
    create: `${prologue(plan)}
repository=${shellQuote(plan.repository)}; release=${shellQuote(plan.release)}
in_path() { git -c safe.directory="$path" -C "$path" "$@"; }
begun=$path/.git/pulumi-isardvdi-begun
if [ -e "$path/.git" ]; then
    now=$(in_path config --get remote.origin.url || :)
    [ -z "$now" ] || [ "$now" = "$repository" ] ||
        fail "check out IsardVDI in $path: it is a checkout of $now. Give that as repository, or another path."
    # a checkout of ours that was cut off is finished, whatever it left
    if [ ! -e "$begun" ] && in_path rev-parse -q --verify HEAD >/dev/null; then
        changed=$(in_path status --porcelain --untracked-files=no | head -n 3 | cut -c 4- | tr '\\n' ' ')
        [ -z "$changed" ] ||
            fail "check out IsardVDI in $path: it has changes of its own: \${changed% }. Commit or discard them there."
    fi
elif [ -n "$(ls -A "$path" 2>/dev/null | grep -vxF .pulumi-isardvdi || :)" ]; then
    fail "check out IsardVDI in $path: the folder is not empty, and no git checkout. Move it away, or give another path."
fi
mkdir -p "$path"
[ -e "$path/.git" ] || git init -q "$path"
: >"$begun"
rm -f "$path/.git/index.lock"
in_path config remote.origin.url "$repository"
in_path fetch -q --depth 1 origin "$release" ||
    fail "check out IsardVDI in $path: $repository gives no $release. Correct release, or look at the host's network."
in_path checkout -q -f --detach FETCH_HEAD
rm -f "$begun"
in_path rev-parse HEAD`,
});
