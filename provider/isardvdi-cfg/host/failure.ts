import { IsardvdiError } from "../../errors";
import type { Remote } from "../../remote/remote";
import type { Place } from "../place";
import { HalfWay } from "./half-way";
import type { Outcome } from "./job";

/** What failed, by the step that failed. */
const steps: Record<string, (words: string) => string> = {
    write: (words) => `the file could not be written${words && `: ${words}`}`,
    build: () => "build.sh failed",
    recreate: () => "docker compose could not recreate the containers",
    alive: (words) => `${words || "a container"} does not stay up with the new values`,
    close: (words) => `the ledger could not be written${words && `: ${words}`}`,
};

export function failed(remote: Remote, { configPath }: Place, seen: string, advice: string): IsardvdiError {
    return new IsardvdiError({
        code: "rejected",
        action: "change",
        resource: `${configPath} on ${remote.name}`,
        seen,
        advice,
    });
}

/** The error for a job that did not end well. */
export function lost(remote: Remote, place: Place, { kind, words, stage, log, undo }: Outcome): IsardvdiError {
    if (kind === "busy")
        return failed(
            remote,
            place,
            "another change has held its lock for 15 minutes",
            "See which, with fuser on .pulumi-isardvdi/lock there, or on the folder for one of 0.1.0.",
        );
    if (kind !== "failed")
        return new HalfWay({
            code: "not-ready",
            action: "change",
            resource: `${place.configPath} on ${remote.name}`,
            seen: `the work on the host was cut off${stage && ` while ${stage}`}`,
            advice: "Run pulumi up again: it goes on from there.",
        });
    const [step = "", outcome, ...rest] = words;
    const said = step === "write" || step === "close" ? "" : excerpt(log);
    const what = (steps[step] ?? (() => step))(rest.join(" ")) + (said && `; it said: ${said}`);
    if (outcome === "restored")
        return failed(
            remote,
            place,
            what,
            "The old file and its build are back; correct the cause and run pulumi up again.",
        );
    const undone = excerpt(undo);
    return new HalfWay({
        code: "server-error",
        action: "change",
        resource: `${place.configPath} on ${remote.name}`,
        seen: `${what}. Then the old state could not be brought back${undone && `; it said: ${undone}`}`,
        advice: `The file before the change is ${place.folder}/.pulumi-isardvdi/${place.file}.backup. Correct the cause and run pulumi up again.`,
    });
}

/** The end of a log, on one line. */
function excerpt(log: string): string {
    const lines = log
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    const text = lines.slice(-8).join(" / ").replace(/\.$/, "");
    return text.length > 600 ? `…${text.slice(-600)}` : text;
}
