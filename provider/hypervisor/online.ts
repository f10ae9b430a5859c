import { IsardvdiError, isCode } from "../errors";
import type { HypervisorRecord } from "../isardvdi/api";
import { type Verdict, waitFor, WaitTimeout } from "../wait/wait";
import type { World } from "../world";
import { describe } from "./describe";
import type { Progress } from "./ensure";
import { progress } from "./progress";
import { rescuer } from "./stuck";
import { type Seen, type Watched, watchOf } from "./watch";

export interface OnlineWait extends Watched {
    timeoutSeconds: number;
    /**
     * The `status_time` before a write of ours that bounced the engine's worker: after it, Online counts only
     * with another one. Absent: the present Online counts.
     */
    before?: { statusTime: number | undefined } | undefined;
    /** A container that registers itself deletes and makes its record at each restart. */
    mayVanish: boolean;
    /** Ends the wait as well: a record that was made anew, and has to be put right first. */
    isRenewed?: (record: HypervisorRecord) => boolean;
    /** What has been done, for a row that is disabled and enabled in between. */
    progress: Progress;
    /** Called with each record, so that a failure keeps the last one. */
    seen: (record: HypervisorRecord) => void;
}

/** Milliseconds that a record may be missing before it counts as deleted. */
const vanishedAfter = 10_000;

/** Waits until the engine has verified the hypervisor; disk-only ones are ready when enabled. */
export async function awaitOnline(wait: OnlineWait, world: World): Promise<HypervisorRecord> {
    const rescue = rescuer(wait, world);
    try {
        const { records, look, confirm } = watchOf(wait, world);
        const record = await waitFor<Seen>(
            {
                watch: records,
                look,
                confirm,
                condition: condition(wait, world),
                observers: [(record) => (record && wait.seen(record), undefined), progress(), rescue.see],
                heartbeat: (last, elapsed) =>
                    `waiting for Online: ${describe(last)} (${Math.round(elapsed / 1000)} s of ${wait.timeoutSeconds} s)`,
                timeoutMs: wait.timeoutSeconds * 1000,
            },
            world,
        );
        if (!record) throw new Error("a wait that was met has a record");
        return record;
    } catch (error) {
        throw explained(error, wait, world);
    } finally {
        await rescue.end();
    }
}

function condition({ before, hyperId, mayVanish, isRenewed }: OnlineWait, { clock }: World): (record: Seen) => Verdict {
    let fresh = before === undefined;
    let missingSince: number | undefined;
    return (record) => {
        if (!record) {
            missingSince ??= clock.now();
            const isGone = !mayVanish && clock.now() - missingSince >= vanishedAfter;
            return isGone ? { state: "failed", error: deleted(hyperId) } : { state: "pending" };
        }
        missingSince = undefined;
        if (isRenewed?.(record)) return { state: "met" };
        const { status, statusTime, enabled, capabilities } = record;
        if (status !== "Online") fresh = true;
        else if (statusTime !== undefined && statusTime !== before?.statusTime) fresh = true;
        const ready = capabilities.hypervisor ? status === "Online" && fresh : status !== "Deleting";
        return { state: ready && enabled ? "met" : "pending" };
    };
}

function explained(error: unknown, { hyperId, timeoutSeconds }: OnlineWait, { signal }: World): unknown {
    const failure = { action: "bring Online", resource: `hypervisor "${hyperId}"` };
    if (error instanceof WaitTimeout) {
        const record = error.last as Seen;
        return new IsardvdiError({
            ...failure,
            code: "timeout",
            seen: `after ${timeoutSeconds} s ${describe(record)}`,
            advice: "The hypervisor stays in the stack; the next pulumi up goes on waiting (awaitOnline.timeoutSeconds).",
        });
    }
    if (signal.aborted || isCode(error, "cancelled")) {
        return new IsardvdiError({
            ...failure,
            code: "cancelled",
            seen: "the run was cancelled while it waited",
            advice: "The hypervisor stays in the stack; the next pulumi up goes on from here.",
        });
    }
    return error;
}

function deleted(hyperId: string): IsardvdiError {
    return new IsardvdiError({
        code: "deleted",
        action: "bring Online",
        resource: `hypervisor "${hyperId}"`,
        seen: "its record was deleted while we waited",
        advice: "Find out who deletes it (the web interface, the orchestrator, a container that stops); the next pulumi up registers it again.",
    });
}
