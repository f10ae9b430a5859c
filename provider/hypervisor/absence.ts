import type { Call, HypervisorRecord, IsardApi } from "../isardvdi/api";
import { amissKey } from "../property/changes";
import type { Values } from "../resource";
import { pollUntil } from "../wait/poll";
import type { World } from "../world";

/** Milliseconds that a record may be missing at a refresh, for a container that restarts makes it anew. */
const transient = 6000;

export const isSelf = (state: Values): boolean => state["registration"] === "self";

/** The record of a container that registers itself; undefined when it stays away. */
export async function untilThere(
    api: IsardApi,
    hyperId: string,
    { clock, signal, log }: World,
): Promise<HypervisorRecord | undefined> {
    const call: Call = { signal, log };
    return await pollUntil(
        () => api.find(hyperId, call),
        (record) => record !== undefined,
        transient,
        { clock, signal },
        { waiting: () => log.status(`${hyperId} is not registered: looking whether its container does so now`) },
    );
}

/** Kept in the stack, for its container makes the record and no create of ours could: the next `up` waits for it. */
export function unregistered(state: Values): Values {
    return {
        ...state,
        enabled: false,
        status: "Offline",
        detail: "It is not registered: its container took the record away and has not registered itself again",
        statusTime: undefined,
        bootProgress: undefined,
        vpn: {},
        [amissKey]: "not registered",
    };
}
