import { randomBytes } from "node:crypto";
import { shellQuote } from "../quote";

/** A word that no script and no output can contain by chance. */
export const newMark = (): string => `mark${randomBytes(16).toString("hex")}`;

/**
 * One command as text for a waiting shell. It runs in a session of its own, in the background: the shell reads
 * on and can be told to end it. Its end is marked on both streams, with the exit code and whether something that
 * it left behind still holds them. Neither script nor input ever stands in an argument list.
 */
export function frame(mark: string, script: string, input: string | undefined): string {
    const from = input === undefined || input === "" ? ["", " </dev/null"] : [`printf %s ${shellQuote(input)} | `, ""];
    return [
        // collects the command before
        "wait",
        "{",
        // what it leaves undone in that time is not worth a longer wait for the next command
        `trap '${end("TERM")}; { sleep ${graceSeconds}; ${end("KILL")}; } >/dev/null 4>&- & k=$!; wait $p; ${settle}; kill -s KILL -- -$p; kill $k' TERM`,
        `${from[0]}setsid sh /proc/self/fd/3 3<<'${mark}'${from[1]} 2>&4 4>&- & p=$!`,
        // the script's text must not stay open in what the script starts
        `exec 3<&-; ${script}`,
        mark,
        "wait $p",
        "c=$?",
        "kill -s 0 -- -$p && l=1 || l=0",
        `printf '%s %s %s\\n' ${mark} $c $l`,
        `printf '%s\\n' ${mark} >&4`,
        // a shell's own words about jobs are nobody's output
        "} 4>&2 2>/dev/null &",
        "w=$!",
        "",
    ].join("\n");
}

/** The group, and the process itself for the moment before it leads a group. */
const end = (signal: string): string => `kill -s ${signal} -- -$p; kill -s ${signal} $p`;

/** The process may end before those of its group that put away what is theirs. */
const settle = "n=0; while kill -s 0 -- -$p && [ $n -lt 60 ]; do n=$((n + 1)); sleep 0.1; done";

/** Seconds in which a command that is ended may put away what is its own. */
const graceSeconds = 5;

/** Ends what the last frame started. */
export const endCommand = "kill -s TERM $w\n";
