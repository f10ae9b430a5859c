import { withDeadline } from "../concurrency/deadline";
import { IsardvdiError } from "../errors";
import type { Call, HypervisorRecord, IsardApi } from "../isardvdi/api";
import { pollUntil } from "../wait/poll";
import type { World } from "../world";
import type { Goal, Progress } from "./ensure";

/** Milliseconds after which the engine has heard of a change: the server's change feed gathers those of half a second. */
const heardAfter = 1000;
/** Milliseconds that an engine which runs takes at most to write Offline. */
const writtenWithin = 8000;

/**
 * Takes the hypervisor from the engine: a disable and an enable within half a second would be no change to it, its
 * worker would stay, and the row Offline and enabled for ever. False where the row says Online all the same.
 */
export async function release(
    { api, progress }: Pick<Goal, "api" | "progress">,
    record: HypervisorRecord,
    world: World,
): Promise<boolean> {
    if (record.enabled) {
        progress.takenOut = true;
        await api.setEnabled(record.hyperId, false, world);
    }
    if (record.status === "Online") return (await untilOffline(api, record.hyperId, world))?.status !== "Online";
    // the engine writes nothing where it had not said Online
    await world.clock.sleep(heardAfter, world.signal);
    return true;
}

/** The record of a disabled hypervisor once the engine has let go of it, or as it is when the engine does not. */
export async function untilOffline(
    api: IsardApi,
    hyperId: string,
    { clock, signal, log }: World,
): Promise<HypervisorRecord | undefined> {
    const call: Call = { signal, log };
    const isReleased = (record: HypervisorRecord | undefined): boolean => record?.status !== "Online";
    return await pollUntil(() => api.find(hyperId, call), isReleased, writtenWithin, { clock, signal });
}

/** Enables what we disabled, also after a cancellation; false where that fails as well. */
export async function enableAgain(
    { api, hyperId, progress }: { api: IsardApi; hyperId: string; progress: Progress },
    { clock, log, signal }: World,
): Promise<boolean> {
    try {
        const limit = signal.aborted ? 3000 : 10_000;
        await withDeadline(limit, { clock }, (own) => api.setEnabled(hyperId, true, { signal: own, log }));
    } catch {
        return false;
    }
    progress.takenOut = false;
    if (progress.undone === "enable") progress.undone = "online";
    return true;
}

/** A failure that left a hypervisor disabled which had been in service: enables it again, or says plainly what does. */
export async function backInService(
    error: unknown,
    hyperId: string,
    { api, progress }: Pick<Goal, "api" | "progress">,
    world: World,
): Promise<unknown> {
    if (!progress.takenOut) return error;
    const isBack = await enableAgain({ api, hyperId, progress }, world);
    if (isBack && progress.record) progress.record = { ...progress.record, enabled: true };
    const after = isBack
        ? "It is enabled again, as it was before."
        : `${hyperId} is out of service: it is disabled, and the next pulumi up or the web interface enables it.`;
    if (error instanceof IsardvdiError) return error.advised(`${error.advice} ${after}`);
    world.log.warn(after);
    return error;
}
