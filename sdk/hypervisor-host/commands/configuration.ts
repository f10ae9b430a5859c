import { quietTail } from "../../../provider/isardvdi-cfg/host/quiet";
import { shellQuote } from "../../../provider/remote/quote";
import { mark } from "../cfg";
import type { HostPlan } from "../plan";
import { type HostCommand, prologue } from "./command";

const ours = `ours() { head -n 1 "$cfg" | grep -qxF ${shellQuote(mark)}; }`;

/** isardvdi.cfg from the standard input, whole or not at all; readable by root alone, for it has credentials. */
export const configuration = (plan: HostPlan): HostCommand => ({
    create: `${prologue(plan)}
cfg=$path/isardvdi.cfg
${ours}
umask 077
[ ! -e "$cfg" ] || ours ||
    fail "write $cfg: it is there already, and was not written by pulumi-isardvdi. Move it away; what it sets belongs into the program."
mkdir -p "$own"
[ -e "$own/.gitignore" ] || echo '*' >"$own/.gitignore"
# what shows the end of a log without a value of the file
cat >"$own/quiet.new" <<'END'
${quietTail}
quiet_tail "$@"
END
mv -f "$own/quiet.new" "$own/quiet"
# build.sh builds every isardvdi*.cfg, so the new one has another name until it is whole
cat >"$own/new"
head -n 1 "$own/new" | grep -qxF ${shellQuote(mark)} || fail "write $cfg: it did not come whole. Run pulumi up again."
sync "$own/new"
mv -f "$own/new" "$cfg"`,
    delete: `${prologue(plan)}
cfg=$path/isardvdi.cfg
${ours}
if [ -e "$cfg" ] && ours; then rm -f "$cfg" "$path/.env" "$path/docker-compose.yml"; fi
rm -rf "$own"`,
});
