import { asError } from "../as-error";
import { isCode, IsardvdiError } from "../errors";
import type { Remote, RemoteCall } from "../remote/remote";
import type { Clock } from "../world";
import { failure } from "./failure";
import type { Transaction } from "./host/apply";
import { disarmScript, pendingScript } from "./host/rollback";

/** What the host's own clock may be ahead: it decides, and an answer that comes after it is of no use. */
const marginMs = 500;
const pauseMs = 1000;
/** The longest that one try may take, so that there can be another. */
const tryMs = 60_000;

/**
 * Proves the way in over a connection of its own, as often as the rollback's clock allows; unproved, the host puts the
 * rules back by itself. "gone" says that the host waits no longer: an answer that was lost may have confirmed the change.
 */
export async function confirm(
    remote: Remote,
    { number, rollbackSeconds }: Pick<Transaction, "number" | "rollbackSeconds">,
    call: RemoteCall,
    clock: Clock,
): Promise<"kept" | "gone"> {
    const windowMs = rollbackSeconds * 1000 - marginMs;
    const end = clock.now() + windowMs;
    let last: Error = new Error("there was no time to try");
    for (let left = windowMs; left > 0; left = end - clock.now()) {
        try {
            const timeoutMs = Math.min(call.timeoutMs ?? tryMs, left);
            const { stdout } = await remote.runAnew(disarmScript(number), { ...call, timeoutMs });
            if (stdout.includes("kept")) return "kept";
            if (stdout.includes("gone")) return "gone";
            last = new Error("its command was cut off");
        } catch (error) {
            if (call.signal.aborted) throw error;
            last = asError(error);
        }
        call.log.status(`waiting for ${remote.name} to take a new connection`);
        await clock.sleep(Math.max(0, Math.min(pauseMs, end - clock.now())), call.signal);
    }
    const why = last instanceof IsardvdiError ? last.seen : last.message;
    const back = await rolledBack(remote, number, rollbackSeconds, call, clock);
    // nothing was refused, and without the change a connection takes about as long
    if (isCode(last, "timeout") && (back.tookMs ?? 0) * 2 > windowMs)
        throw slow(
            remote,
            `the host has rolled the change back; a new SSH connection takes ${seconds(back.tookMs)} now`,
        );
    const seen = `with the new rules in place no new SSH connection came through (${why}); ${back.told}`;
    throw failure(remote, "change the firewall of", "ssh-unreachable", seen, lockOut);
}

/** The way in is there, and takes longer than the host waits. */
export function slow(remote: Remote, seen: string): IsardvdiError {
    return failure(remote, "change the firewall of", "timeout", `it was not confirmed in time: ${seen}`, patience);
}

async function rolledBack(
    remote: Remote,
    number: string,
    rollbackSeconds: number,
    call: RemoteCall,
    clock: Clock,
): Promise<{ told: string; tookMs?: number }> {
    const end = clock.now() + (rollbackSeconds + 30) * 1000;
    for (let timeoutMs = 5000; clock.now() < end; timeoutMs *= 2) {
        call.log.status(`waiting for ${remote.name} to roll the change back by itself`);
        await clock.sleep(pauseMs, call.signal);
        const begun = clock.now();
        const result = await remote.runAnew(pendingScript(number), { ...call, timeoutMs }).catch(() => undefined);
        if (result && !result.stdout.includes("pending"))
            return { told: "the host has rolled the change back", tookMs: clock.now() - begun };
        if (result) timeoutMs = 2500;
    }
    return { told: `the host was to roll the change back after ${rollbackSeconds} s, but does not answer yet` };
}

const seconds = (ms = 0): string => `${(ms / 1000).toFixed(1)} s`;

const lockOut = "Look for a forward that takes the SSH port of the connection.";
const patience = "Raise rollbackSeconds, or run again when the host has less to do.";
