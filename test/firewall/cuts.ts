import type { Remote, RemoteCall } from "../../provider/remote/remote";
import type { DirectRemote } from "./harness";

/** A place in one of the scripts of a change, at which its shell kills itself. */
export interface Cut {
    /** Which script: the change itself, its confirmation, or what puts everything back. */
    script: "change" | "confirmation" | "undo";
    /** The command that is no longer run; or, with `seconds`, is killed with the shell after so long. */
    at: string;
    seconds?: number;
    /** It had been confirmed by then: the next try finds that out. */
    isConfirmed?: true;
    /** Only the shell is killed: the command stands still meanwhile, and goes on so many seconds later. */
    outlives?: number;
}

const firewalld = `"$(cat python)" -I firewalld.py change armed/prev/firewalld.json armed/firewalld.next`;
const change = (at: string, seconds?: number): Cut => ({ script: "change", at, ...(seconds && { seconds }) });

/** Every step that changes something on the host. */
export const cuts: Record<"iptables" | "firewalld", readonly Cut[]> = {
    iptables: [
        change("exec 9>>"),
        change("mkdir -p armed.new"),
        change("mv armed.new armed"),
        change("setsid sh"),
        change("echo $! >armed/pid"),
        change("sh ./sync now"),
        change("echo @armed"),
        { script: "confirmation", at: "mv armed kept" },
        { script: "confirmation", at: "rm -rf kept", isConfirmed: true },
        { script: "undo", at: "for f in" },
        { script: "undo", at: "sh ./sync now" },
        { script: "undo", at: 'rm -rf "$D"' },
    ],
    firewalld: [
        change(firewalld),
        ...[0.1, 0.2, 0.3, 0.45].map((seconds) => change(firewalld, seconds)),
        // later than its rollback, which is after 5 s
        ...[0.15, 0.25].map((seconds) => ({ ...change(firewalld, seconds), outlives: 7 })),
        change("echo @armed"),
        { script: "confirmation", at: "rm -rf kept", isConfirmed: true },
        { script: "undo", at: '"$(cat "$D/python")" -I firewalld.py' },
        { script: "undo", at: "sh ./sync now" },
    ],
};

export const told = ({ script, at, seconds, outlives }: Cut): string =>
    `${script}, at ${at.slice(0, 40)}${seconds ? ` after ${seconds} s` : ""}${outlives ? `, and goes on after ${outlives} s` : ""}`;

/** Cuts the first script of its kind, or each confirmation, for those are tried again; call the result to end that. */
export function cutOnce(remote: DirectRemote, cut: Cut): () => number {
    const { run, runAnew } = { run: remote.run.bind(remote), runAnew: remote.runAnew.bind(remote) };
    let done = 0;
    const killed = (text: string): string => {
        if (!text.includes(cut.at)) throw new Error(`the ${cut.script} has no "${cut.at}"`);
        done += 1;
        if (cut.seconds === undefined) return text.replace(cut.at, `kill -9 $$; exec true; ${cut.at}`);
        const then = cut.outlives
            ? `kill -STOP $p; { sleep ${cut.outlives}; kill -CONT $p; } & kill`
            : "kill -9 $p; kill";
        return text.replace(cut.at, `${cut.at} & p=$!; sleep ${cut.seconds}; ${then} -9 $$; exec true`);
    };
    remote.run = async (script: string, call: RemoteCall, input?: string): ReturnType<Remote["run"]> => {
        if (!script.includes("echo @armed") || done > 0) return await run(script, call, input);
        if (cut.script === "change") return await run(killed(script), call, input);
        if (cut.script !== "undo" || input === undefined) return await run(script, call, input);
        const [head = "", rest = ""] = input.split("==undo\n");
        const [undo = "", ...others] = rest.split("\n==");
        // once, for the same undo is run again by whoever finds it
        const once = `[ -e /run/cut ] || { : >/run/cut; kill -9 $$; }; ${cut.at}`;
        if (!undo.includes(cut.at)) throw new Error(`the undo has no "${cut.at}"`);
        done += 1;
        return await run(script, call, [`${head}==undo\n${undo.replace(cut.at, once)}`, ...others].join("\n=="));
    };
    remote.runAnew = async (script: string, call: RemoteCall, input?: string): ReturnType<Remote["runAnew"]> => {
        if (cut.script === "undo") throw new Error("killed before it was confirmed");
        if (cut.script !== "confirmation" || !script.includes("echo kept")) return await runAnew(script, call, input);
        return await runAnew(killed(script), call, input);
    };
    return () => {
        Object.assign(remote, { run, runAnew });
        return done;
    };
}
