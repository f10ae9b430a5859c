import { asError } from "../as-error";
import { IsardvdiError, isCode } from "../errors";
import type { HypervisorRecord } from "../isardvdi/api";
import { type Observer, type Verdict, waitFor, WaitTimeout } from "../wait/wait";
import type { World } from "../world";
import { bootOf, describe } from "./describe";
import { progress } from "./progress";
import { type Seen, type Watched, watchOf } from "./watch";

export interface BootWait extends Watched {
    timeoutSeconds: number;
    /** An earlier run saw the boot end, which a release without boot steps does not tell again. */
    wasSettled: boolean;
    /** Called with each record; an error that it throws ends the wait. */
    seen: (record: HypervisorRecord) => void;
}

/** What to look at on the host when its container's boot goes no further, by the step it has reached. */
const byStep: Record<number, string> = {
    1: "Look at docker logs isard-hypervisor: the registration goes to API_DOMAIN, which must be reached from there, with a certificate that it trusts",
    2: "Look at docker logs isard-vpn on the server, and let WG_HYPERS_PORT/udp through to it",
    3: "Look at docker exec isard-hypervisor ovs-vsctl show, and at VPN_DOMAIN in the host's isardvdi.cfg",
    4: "Look at libvirtd in the isard-hypervisor container",
    5: "Look at docker exec isard-hypervisor virsh net-list --all",
    6: "Look at the huge pages of the host in /proc/meminfo",
    7: "Look at /dev/kvm on the host: its test desktop does not start",
    8: "Look at BLACKLIST_IPTABLES and WHITELIST_IPTABLES in the host's isardvdi.cfg",
};

/** The container has nothing left to write: the last step, or, where the release reports none, what follows it. */
export function hasBooted({ bootProgress, enabled, status, statusTime }: HypervisorRecord): boolean {
    // a container that stops: its next boot is the one that counts
    if (status === "Deleting") return false;
    // a report may be lost, but the engine takes up what the container has enabled at its end
    if (enabled && status === "Online") return true;
    return bootProgress ? bootProgress.step >= bootProgress.total : enabled || statusTime !== undefined;
}

/** Waits until the hypervisor's own container has registered it and has come to the end of its boot. */
export async function awaitBoot(wait: BootWait, world: World): Promise<HypervisorRecord> {
    const { hyperId, timeoutSeconds } = wait;
    const condition = (record: Seen): Verdict => {
        if (!record) return { state: "pending" };
        try {
            wait.seen(record);
        } catch (error) {
            return { state: "failed", error: asError(error) };
        }
        const isOld = wait.wasSettled && !record.bootProgress;
        return { state: hasBooted(record) || isOld ? "met" : "pending" };
    };
    const { records, look, confirm } = watchOf(wait, world);
    try {
        const record = await waitFor<Seen>(
            {
                watch: records,
                look,
                confirm,
                condition,
                observers: [absence(hyperId), progress()],
                heartbeat: (last, elapsed) =>
                    `waiting for ${hyperId} to ${last ? `end its boot: ${describe(last)}` : "register itself: there is no record yet"} (${Math.round(elapsed / 1000)} s of ${timeoutSeconds} s)`,
                timeoutMs: timeoutSeconds * 1000,
            },
            world,
        );
        if (!record) throw new Error("a wait that was met has a record");
        return record;
    } catch (error) {
        throw explain(error, wait, world);
    }
}

/** Milliseconds within which a container that has ended its boot enables its hypervisor. */
const enablesWithin = 5000;

/** What the last step leaves: enabled in a moment, or disabled for good; undefined when the record is gone again. */
export async function awaitEnabled(watched: Watched, world: World): Promise<Seen> {
    const { records, look, confirm } = watchOf(watched, world);
    const condition = (record: Seen): Verdict => ({ state: !record || record.enabled ? "met" : "pending" });
    const heartbeat = (): string => `waiting for ${watched.hyperId} to enable itself`;
    try {
        return await waitFor<Seen>(
            { watch: records, look, confirm, condition, observers: [], heartbeat, timeoutMs: enablesWithin },
            world,
        );
    } catch (error) {
        if (error instanceof WaitTimeout) return error.last as Seen;
        throw error;
    }
}

/** Says once what is waited for. */
function absence(hyperId: string): Observer<Seen> {
    let isSaid = false;
    return (record) => {
        if (record || isSaid) return undefined;
        isSaid = true;
        return `waiting for ${hyperId} to register itself`;
    };
}

function explain(error: unknown, { hyperId, timeoutSeconds }: BootWait, { signal }: World): unknown {
    const failure = { action: "register", resource: `hypervisor "${hyperId}"`, property: "registration" };
    if (error instanceof WaitTimeout) {
        const record = error.last as Seen;
        return new IsardvdiError({
            ...failure,
            code: "timeout",
            seen: record
                ? `after ${timeoutSeconds} s its container has not ended its boot: ${describe(record)}`
                : `after ${timeoutSeconds} s its container has not registered itself`,
            advice: `${record ? adviceFor(record) : "Check HYPER_ID, API_DOMAIN and API_HYPERVISORS_SECRET in the host's isardvdi.cfg, and docker logs isard-hypervisor"}. The next pulumi up goes on waiting (awaitOnline.timeoutSeconds).`,
        });
    }
    if (signal.aborted || isCode(error, "cancelled")) {
        return new IsardvdiError({
            ...failure,
            code: "cancelled",
            seen: "the run was cancelled while its container had not ended its boot",
            advice: "The next pulumi up goes on from here.",
        });
    }
    return error;
}

function adviceFor({ bootProgress }: HypervisorRecord): string {
    if (bootOf(bootProgress))
        return byStep[bootProgress?.step ?? 0] ?? "Look at docker logs isard-hypervisor on the host";
    return "Look at docker logs isard-hypervisor on the host; with HYPER_ENABLED=false its container never enables it, and enabled: true does so only after the last boot step";
}
