import type { ErrorCode } from "../errors";
import type { Facts } from "./facts";
import { redact } from "./redact";
import { type Step, steps } from "./steps";

export interface StepResult {
    step: string;
    title: string;
    state: "ok" | "failed" | "unknown";
    /** Why it was not looked at. */
    why?: string;
}

export interface Finding {
    step: string;
    title: string;
    cause: string;
    /** A clause without a full stop. */
    seen: string;
    advice: string;
    /** Waiting does not mend it. */
    isFinal: boolean;
    /** A wait for Online ends with an error of this code. */
    ends?: ErrorCode;
    /** A healthy start passes through it. */
    passes?: true;
    evidence: { command: string; lines: string[] }[];
}

export interface Diagnosis {
    hyperId: string;
    /** The engine's own error, where there is one. */
    said?: string;
    /** No step is known to fail. */
    isHealthy: boolean;
    steps: StepResult[];
    /** The first step that fails: those after it need it. */
    finding?: Finding;
}

/** Lines of one command that are kept. */
const keptLines = 6;

/** What the facts say of each step, and of the first one that fails what to do. */
export function judge(facts: Facts): Diagnosis {
    let finding: Finding | undefined;
    const { record } = facts.api;
    const results = steps.map((step): StepResult => {
        const { id, title } = step;
        const failed = failureOf(step, facts);
        finding ??= failed;
        // no waiting mends it, whatever the engine is about to do
        if (failed?.ends && !finding?.ends) finding = failed;
        if (failed) return { step: id, title, state: "failed" };
        const why = step.unseen(facts);
        return why === undefined
            ? { step: id, title, state: "ok" }
            : { step: id, title, state: "unknown", why: redact(why) };
    });
    return {
        hyperId: facts.subject.hyperId,
        ...(record?.status === "Error" && record.detail && { said: redact(record.detail) }),
        isHealthy: finding === undefined,
        steps: results,
        ...(finding && { finding }),
    };
}

export function failureOf(step: Step, facts: Facts): Finding | undefined {
    for (const { id, seen, advice, isFinal = false, ends, passes } of step.causes) {
        const said = seen(facts);
        if (said === undefined) continue;
        const { id: stepId, title } = step;
        return {
            step: stepId,
            title,
            cause: id,
            seen: redact(said),
            advice,
            isFinal,
            ...(ends && { ends }),
            ...(passes && { passes }),
            evidence: evidenceOf(step, facts),
        };
    }
    return undefined;
}

function evidenceOf(step: Step, facts: Facts): Finding["evidence"] {
    return step.evidence.flatMap(([place, command]) => {
        const looked = facts[place];
        const lines = "seen" in looked ? (looked.seen.evidence.get(command) ?? []) : [];
        return lines.length > 0 ? [{ command, lines: lines.slice(-keptLines) }] : [];
    });
}
