import { shellQuote } from "../../../provider/remote/quote";
import { mark } from "../cfg";
import type { HostPlan } from "../plan";
import { type HostCommand, prologue } from "./command";
import { memory, unread } from "./memory";

/**
 * IsardVDI's checkout at the release; its commit is printed. It is the first that changes something, so that here a
 * host of an older release of ours remembers what its containers run with. The checkout stays when the host is taken down.
 */
export const source = (plan: HostPlan): HostCommand => ({
    create: `${prologue(plan)}
repository=${shellQuote(plan.repository)}; release=${shellQuote(plan.release)}
${memory}
if head -n 1 "$path/isardvdi.cfg" 2>/dev/null | grep -qxF ${shellQuote(mark)}; then
    while read -r name unread; do
        if runs "$name" && ! is_remembered "$name"; then adopt "$name" "$unread"; fi
    done <<'END'
${plan.services.map(({ name }) => `${name} ${unread(name)}`).join("\n")}
END
fi
# an address may hold a password
told() { printf %s "$1" | sed 's#//[^/@]*@#//#'; }
in_path() { git -c safe.directory="$path" -C "$path" "$@"; }
begun=$path/.git/pulumi-isardvdi-begun
if [ -e "$path/.git" ]; then
    now=$(in_path config --get remote.origin.url || :)
    [ -z "$now" ] || [ "$now" = "$repository" ] ||
        fail "check out IsardVDI in $path: it is a checkout of $(told "$now"). Give that as repository, or another path."
    # a checkout of ours that was cut off is finished, whatever it left
    if [ ! -e "$begun" ] && in_path rev-parse -q --verify HEAD >/dev/null; then
        changed=$(in_path status --porcelain --untracked-files=no | head -n 3 | cut -c 4- | tr '\\n' ' ')
        [ -z "$changed" ] ||
            fail "check out IsardVDI in $path: it has changes of its own: \${changed% }. Commit or discard them there."
        # a tag may have been moved, and another run of the same text is no reason to follow it
        if grep -qF "'$release' of " "$path/.git/FETCH_HEAD" 2>/dev/null &&
            [ "$(in_path rev-parse -q --verify 'FETCH_HEAD^{commit}')" = "$commit" ]; then
            echo "$commit"
            exit 0
        fi
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
    fail "check out IsardVDI in $path: $(told "$repository") gives no $release. Correct release, or look at the host's network."
in_path checkout -q -f --detach FETCH_HEAD
rm -f "$begun"
in_path rev-parse HEAD`,
});
