import { shellQuote } from "../../remote/quote";
import { files, folder, preamble } from "./paths";

/** Puts the files of before back and makes everything from them again; only what is ours changes. */
export const undoScript = `${preamble}
D=$(cd "$(dirname "$0")" && pwd)
cd "$S"
# what a change that lost its connection still puts in would otherwise come after what is taken out here
exec 8>>"$D/busy"
flock -w "$(cat "$D/patience" 2>/dev/null || echo 60)" 8 || true
# one that was cut off after its last step begins again with nothing to work with
if [ -s "$D/firewalld.next" ] && [ -f firewalld.py ]; then
    [ -s "$D/prev/firewalld.json" ] || echo '{}' >"$D/prev/firewalld.json"
    "$(cat "$D/python")" -I firewalld.py change "$D/firewalld.next" "$D/prev/firewalld.json"
fi
for f in ${files.filter((name) => name !== "tool" && name !== "before").join(" ")}; do
    if [ -f "$D/prev/$f" ]; then cp -p "$D/prev/$f" "$f"; else rm -f "$f"; fi
done
[ ! -f sync ] || sh ./sync now
if [ -s "$D/foreign" ]; then sh "$D/foreign"; fi
[ -s ledger ] || sh "$D/clean"
rm -rf "$D"
rm -f put.* ${files.map((name) => `${name}.new`).join(" ")}
rmdir "$S" "\${S%/*}" 2>/dev/null || true
`;

/** Waits on the host by itself and undoes the change unless it was confirmed; holds the host's lock meanwhile. */
export const watchScript = `${preamble}
left=$1
# the clock starts when the change is in place, or nobody is left who puts it there
flock -w "$2" "$S/armed/putting" true || true
while [ "$left" -gt 0 ]; do
    sleep 1
    [ -d "$S/armed" ] || exit 0
    left=$((left - 1))
done
mv "$S/armed" "$S/fired" && sh "$S/fired/undo"
`;

/** What is left when the last forward is gone: nothing, and the host's own settings as they were. */
export const cleanScript = `${preamble}
cd "$S"
[ ! -f firewalld.py ] || "$(cat python)" -I firewalld.py leave
tool=$(cat tool 2>/dev/null || true)
old=1 absent=
[ ! -f before ] || read -r old absent <before || true
# Docker needs it by now, whoever turned it on
[ "$old" = 1 ] || [ -S /run/docker.sock ] || echo "$old" >/proc/sys/net/ipv4/ip_forward
case $tool in
*legacy*) ;;
*) # tables that our first rule brought into being, unless someone else uses them by now
    for table in $absent; do
        "$tool-save" -t $table 2>/dev/null | grep -q -e '^-A' -e '^:.* - ' -e '^:.* DROP' || nft delete table ip $table 2>/dev/null || true
    done ;;
esac
rm -rf etc-firewalld* armed.new
rm -f sync firewalld.py python before tool ledger firewalld.json now.* boot.* put.* ${files.map((name) => `${name}.new`).join(" ")}
`;

/** Confirms a change, by its number; the rename is the decision, so that it cannot be both kept and undone. */
export const disarmScript = (number: string): string => `(
${preamble}
cd "$S" 2>/dev/null || { echo gone; exit 0; }
[ "$(cat armed/number 2>/dev/null)" = ${shellQuote(number)} ] && mv armed kept.$$ || { echo gone; exit 0; }
watcher=$(cat kept.$$/pid)
[ -s ledger ] || sh kept.$$/clean
rm -rf kept.$$
rmdir "$S" "\${S%/*}" 2>/dev/null || true
! grep -qs armed/watch "/proc/$watcher/cmdline" || kill -- "-$watcher" 2>/dev/null || true
echo kept
)`;

/** Whether a change still waits for its confirmation. */
export const pendingScript = (number: string): string =>
    `[ "$(cat ${folder}/armed/number ${folder}/fired/number 2>/dev/null)" != ${shellQuote(number)} ] || echo pending`;
