import { shellQuote } from "../../remote/quote";
import { scratch } from "../../remote/scratch";
import { firewalldTool } from "./firewalld";
import { aliveFile, files, lockFile, preamble } from "./paths";
import { probeFunctions } from "./probe";
import { cleanScript, undoScript, watchScript } from "./rollback";
import { syncScript } from "./sync";

/** What one transaction puts on the host. */
export interface Transaction {
    /** Names this change among all others, so that only it is confirmed. */
    number: string;
    /** What the plan was made from; anything else means that the plan is stale. */
    fingerprint: string;
    /** Shown to whoever finds the lock taken. */
    holder: string;
    rollbackSeconds: number;
    /** So long the host may take to put it in, or to take it out again. */
    putSeconds: number;
    /** The new files of the ledger's folder; an empty one is removed. */
    files: Record<string, string>;
    /** iptables-restore input that takes out the foreign rules taken over, and puts them back. */
    adopt: string;
    /** firewalld's new entries together with the foreign ones that go out. */
    firewalldNext: string;
    giveBack: string;
    /** UDP ports whose remembered flows would keep their old way. */
    forgetUdp: readonly number[];
}

export type Outcome = "locked" | "recovered" | "changed" | "failed" | "armed";

/** The whole change: lock, check, arm, apply, read back. Its answer begins with "@OUTCOME". */
export function applyScript(change: Transaction): string {
    return `(
${preamble}
${probeFunctions}
${scratch}
awk -v d="$t" '/^==/ { f = d "/" substr($0, 3); printf "" > f; next } { print > f }'
exec 9>>${lockFile}
flock -w 5 9 || { echo @locked; cat ${lockFile}; exit 0; }
# its time tells every look of a change, so that an attempt that changes nothing must not write it
hold() { printf '%s\\n' ${shellQuote(change.holder)} >${lockFile}; }
for left in armed fired; do
    [ -d "$S/$left" ] || continue
    hold
    sh "$S/$left/undo" >"$t/out" 2>&1 </dev/null || { echo @failed; cat "$t/out"; exit 0; }
    echo @recovered
    exit 0
done
saves >"$t/saves"
[ "$(print "$t/saves")" = ${shellQuote(change.fingerprint)} ] || { echo @changed; exit 0; }
hold

mkdir -p "$S" && cd "$S"
# what was cut off, or found no room on the disk
rm -rf armed.new kept.* etc-firewalld.new put.* ${files.map((name) => `${name}.new`).join(" ")}
mkdir -p armed.new/prev
for f in ${files.join(" ")}; do [ ! -f $f ] || cp -p $f armed.new/prev/$f; done
cp "$t/undo" "$t/watch" "$t/clean" armed.new/
cp "$t/giveback" armed.new/giveback
[ ! -s "$t/giveback" ] || printf '%s\\n' "$(cat "$t/tool")-restore --noflush -w 60 <\\"\\$(dirname \\"\\$0\\")/giveback\\"" >armed.new/foreign
[ ! -s "$t/firewalld.json" ] || [ -f firewalld.json ] || [ -d etc-firewalld ] || {
    cp -a /etc/firewalld etc-firewalld.new && mv etc-firewalld.new etc-firewalld
}
if [ -s "$t/firewalld.json" ] || [ -f firewalld.json ]; then
    [ -s "$t/firewalld.json" ] || echo '{}' >"$t/firewalld.json"
    if [ -s "$t/firewalld.next" ]; then cp "$t/firewalld.next" armed.new/; else cp "$t/firewalld.json" armed.new/firewalld.next; fi
    cp "$t/firewalld.py" firewalld.py
    pythonOf >python
    cp python armed.new/python
fi
printf '%s\\n' ${shellQuote(change.number)} >armed.new/number
echo ${Math.trunc(change.putSeconds)} >armed.new/patience
cp "$t/sync" sync && chmod 700 sync
mv armed.new armed
# until it is released, or its holder is gone, the rollback's clock stands still
exec 7>>armed/putting
flock 7
# it inherits the lock, and keeps it until the change is confirmed or undone
setsid sh armed/watch ${Math.trunc(change.rollbackSeconds)} ${Math.trunc(change.putSeconds)} </dev/null >/dev/null 2>&1 7>&- &
echo $! >armed/pid
# whatever still works on the change holds this, even after its connection and its shell are gone
exec 8>>armed/busy
flock 8

put() {
    : >${aliveFile}
    for f in ${files.join(" ")}; do
        [ -f "$t/$f" ] || continue
        # what was before the first forward is known once
        [ $f != before ] || [ ! -f before ] || continue
        if [ -s "$t/$f" ]; then cp "$t/$f" "$f.new" && sync "$f.new" && mv "$f.new" "$f"; else rm -f $f; fi
    done
    sync .
    sh ./sync now
    [ ! -s armed/firewalld.next ] || {
        [ -s armed/prev/firewalld.json ] || echo '{}' >armed/prev/firewalld.json
        "$(cat python)" -I firewalld.py change armed/prev/firewalld.json armed/firewalld.next
    }
    [ ! -s "$t/adopt" ] || "$(cat tool)-restore" --noflush -w 60 <"$t/adopt"
    for port in ${change.forgetUdp.map((port) => Math.trunc(port)).join(" ")}; do
        conntrack -D -p udp --orig-port-dst $port >/dev/null 2>&1 || true
    done
}
# not in a condition, where the shell would pass over a failing step
set +e
(set -e; put) >"$t/out" 2>&1 </dev/null 7>&-
code=$?
set -e
exec 8>&-
if [ $code != 0 ]; then
    mv armed fired
    sh fired/undo >>"$t/out" 2>&1 </dev/null || true
    echo @failed
    cat "$t/out"
    exit 0
fi
exec 7>&-
echo @armed
probe "$t/saves"
)`;
}

/** What goes to the script's standard input: files in sections, whose text never begins a line with "==". */
export function applyInput(change: Transaction): string {
    const sections: Record<string, string> = {
        undo: undoScript,
        watch: watchScript,
        clean: cleanScript,
        sync: syncScript,
        "firewalld.py": firewalldTool,
        adopt: change.adopt,
        "firewalld.next": change.firewalldNext,
        giveback: change.giveBack,
        ...change.files,
    };
    return Object.entries(sections)
        .map(([name, text]) => `==${name}\n${text.endsWith("\n") || text === "" ? text : `${text}\n`}`)
        .join("");
}
