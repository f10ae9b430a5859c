import { withDeadline } from "../concurrency/deadline";
import { IsardvdiError, isCode } from "../errors";
import type { HypervisorRecord, IsardApi } from "../isardvdi/api";
import { poll } from "../wait/poll";
import { waitFor, WaitTimeout } from "../wait/wait";
import type { World } from "../world";

/** What is to follow, as the error says that it did not. */
type Purpose = "deleted" | "registered anew";

/** Cordons the hypervisor and waits until its desktops have stopped; undoes the cordon when they do not. */
export async function drain(
    api: IsardApi,
    record: HypervisorRecord,
    timeoutSeconds: number,
    world: World,
    purpose: Purpose = "deleted",
): Promise<void> {
    const { hyperId } = record;
    const desktops = (signal: AbortSignal) => api.desktopsStarted(hyperId, { signal, log: world.log });
    try {
        // a cordon that is cancelled in the middle may have been written as well
        if (!record.onlyForced) await api.change(hyperId, { onlyForced: true }, world);
        await waitFor<number>(
            {
                watch: (signal) => poll(() => desktops(signal), world.clock, signal),
                look: desktops,
                condition: (count) => ({ state: count === 0 ? "met" : "pending" }),
                observers: [
                    (count) =>
                        count > 0
                            ? `draining ${hyperId}: ${count} desktop${count === 1 ? "" : "s"} still running`
                            : undefined,
                ],
                heartbeat: (count) => `draining ${hyperId}: ${count ?? "unknown number of"} desktops still running`,
                timeoutMs: timeoutSeconds * 1000,
            },
            world,
        );
    } catch (error) {
        await uncordon(api, record, world);
        throw explain(error, hyperId, timeoutSeconds, world, purpose);
    }
}

/** Runs although the run is cancelled, hence a signal of its own. */
export async function uncordon(
    api: IsardApi,
    { hyperId, onlyForced }: HypervisorRecord,
    { clock, log }: World,
): Promise<void> {
    if (onlyForced) return;
    try {
        await withDeadline(3000, { clock }, (signal) => api.change(hyperId, { onlyForced: false }, { signal, log }));
    } catch {
        log.warn(`${hyperId} is still marked only_forced, which the drain had set: clear it in the web interface`);
    }
}

function explain(
    error: unknown,
    hyperId: string,
    timeoutSeconds: number,
    { signal }: World,
    purpose: Purpose,
): unknown {
    const failure = { action: "drain", resource: `hypervisor "${hyperId}"` };
    if (error instanceof WaitTimeout) {
        return new IsardvdiError({
            ...failure,
            code: "timeout",
            seen: `${String(error.last)} desktops were still running after ${timeoutSeconds} s`,
            advice: `Stop them and run again, give deletion.timeoutSeconds more, or set deletion.policy to "force", which stops them. Nothing was ${purpose}, and new desktops may start there again.`,
            property: "deletion",
        });
    }
    if (signal.aborted || isCode(error, "cancelled")) {
        return new IsardvdiError({
            ...failure,
            code: "cancelled",
            seen: "the run was cancelled while desktops were running",
            advice: `Nothing was ${purpose}, and new desktops may start there again.`,
        });
    }
    return error;
}
