import { asError } from "../../as-error";
import { IsardvdiError } from "../../errors";
import type { Remote, RemoteCall } from "../../remote/remote";
import { poll } from "../../wait/poll";
import { waitFor, WaitTimeout } from "../../wait/wait";
import type { World } from "../../world";
import { type Ledger, printLedger, union } from "../ledger";
import type { Place } from "../place";
import type { Seen } from "./inspect";
import { HalfWay } from "./half-way";
import { clearScript, pollScript, startScript } from "./scripts";

/** One change of a file, and whatever follows from it. */
export interface Job {
    place: Place;
    owner: string;
    bytes: Buffer;
    ledger: Ledger;
    services: readonly string[];
    apply: boolean;
    /** How long recreated containers are watched. */
    settleSeconds: number;
    /** Whether a container that does not stay up undoes the change, or is only told. */
    strict: boolean;
}

/** What became of a job. */
export interface Outcome {
    /** `changed`: somebody else was faster; nothing was done. */
    kind: "ok" | "changed" | "busy" | "failed" | "lost";
    /** Of a failure: what failed, whether the old state is back, and what was said. */
    words: string[];
    stage: string;
    log: string;
    undo: string;
}

/** What is said on the resource's line, by the stage of the job. */
const doing: Record<string, string> = {
    waiting: "waiting for another change of the same checkout",
    writing: "writing the file",
    building: "building the compose files with build.sh",
    recreating: "recreating containers",
    watching: "watching whether the containers stay up",
    restoring: "putting the old file back and building it",
    closing: "closing",
};

/** Milliseconds between looks: most of a job is short, and a look is one command on an open connection. */
const intervals = [50, 100, 200, 300, 500, 1000];
const hour = 3_600_000;

/** Starts the work on the host and watches it to its end; what was seen before decides whether it may begin. */
export async function runJob(remote: Remote, job: Job, seen: Seen, world: World): Promise<Outcome> {
    const call: RemoteCall = { signal: world.signal, log: world.log };
    const { code, stdout, stderr } = await remote.run(startScript, call, inputOf(job, seen));
    const folder = stdout.trim();
    if (code !== 0 || folder === "") throw notStarted(remote, job.place, stderr);
    const ask = async (): Promise<Answer> => answer((await remote.run(pollScript, call, `${folder}\n`)).stdout);
    try {
        const last = await waitFor(
            {
                watch: (signal) => poll(ask, world.clock, signal, intervals),
                look: ask,
                condition: ({ alive, result }) => ({ state: alive && result === "" ? "pending" : "met" }),
                observers: [observeStage()],
                heartbeat: (now, elapsed) => `${describe(now?.stage)} (${Math.round(elapsed / 1000)} s)`,
                timeoutMs: hour,
            },
            world,
        );
        await remote.run(clearScript, call, `${folder}\n`).catch(() => undefined);
        return outcome(last);
    } catch (error) {
        if (error instanceof WaitTimeout) return { kind: "lost", words: [], stage: "", log: "", undo: "" };
        throw unwatched(remote, job.place, error, world);
    }
}

/** The work goes on by itself when nobody watches it any more. */
function unwatched(remote: Remote, { configPath }: Place, cause: unknown, { signal }: World): HalfWay {
    return new HalfWay({
        code: signal.aborted ? "cancelled" : "ssh-interrupted",
        action: "change",
        resource: `${configPath} on ${remote.name}`,
        seen: signal.aborted
            ? "the run was cancelled, and the work goes on there by itself"
            : `the connection was lost while the work goes on there by itself (${asError(cause).message.replace(/\.$/, "")})`,
        advice: "The next pulumi up sees what has become of it and goes on from there.",
        cause,
    });
}

function inputOf(job: Job, seen: Seen): string {
    const { place, owner, services, apply, settleSeconds, strict, bytes, ledger } = job;
    const base64 = (text: string | Buffer): string => Buffer.from(text).toString("base64");
    return `${[
        place.folder,
        place.file,
        place.composeFile,
        owner,
        services.join(" "),
        apply ? "yes" : "no",
        settleSeconds,
        strict ? "yes" : "no",
        seen.cfgSum,
        seen.ledgerSum,
        base64(bytes),
        base64(printLedger(union(seen.ledger, ledger))),
        base64(printLedger(ledger)),
    ].join("\n")}\n`;
}

interface Answer {
    stage: string;
    alive: boolean;
    result: string;
    log: string;
    undo: string;
}

function answer(stdout: string): Answer {
    const line = (name: string): string =>
        (stdout.split("\n").find((each) => each.startsWith(`${name} `)) ?? "").slice(name.length + 1).trim();
    const text = (name: string): string => Buffer.from(line(name), "base64").toString("utf8");
    return {
        stage: line("stage"),
        alive: line("alive") === "yes",
        result: line("result"),
        log: text("log"),
        undo: text("undo"),
    };
}

function outcome({ stage, result, log, undo }: Answer): Outcome {
    const [kind, ...words] = result.split(" ");
    const known = ["ok", "changed", "busy", "failed"] as const;
    return { kind: known.find((each) => each === kind) ?? "lost", words, stage, log, undo };
}

const describe = (stage: string | undefined): string => doing[stage ?? ""] ?? "starting the change";

function observeStage(): (seen: Answer) => string | undefined {
    let said: string | undefined;
    return ({ stage }) => {
        if (stage === said) return undefined;
        said = stage;
        return describe(stage);
    };
}

function notStarted(remote: Remote, { configPath }: Place, stderr: string): IsardvdiError {
    const seen = stderr.trim().split("\n").at(-1)?.slice(0, 300) || "the host answered nothing";
    return new IsardvdiError({
        code: "rejected",
        action: "change",
        resource: `${configPath} on ${remote.name}`,
        seen,
        advice: "Nothing was changed. Make its folder writable for the connection's user, with free space, and run pulumi up again.",
    });
}
