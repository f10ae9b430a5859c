import type { Call, IsardApi } from "../isardvdi/api";
import { poll } from "../wait/poll";
import type { World } from "../world";

/** Milliseconds for which the server's list may be older than a VLAN that was registered. */
const cachedFor = 5500;

/** The site's VLANs at a refresh; one that is missing is looked for again, for the server's list may be old. */
export async function knownVlans(
    api: IsardApi,
    expected: readonly number[] | undefined,
    { clock, signal, log }: World,
): Promise<number[] | undefined> {
    if (!expected) return undefined;
    const call: Call = { signal, log };
    const areIn = (known: readonly number[]): boolean => expected.every((vlan) => known.includes(vlan));
    let known = await api.vlans(call, { listed: true });
    if (areIn(known)) return known;
    const until = clock.now() + cachedFor;
    for await (const vlans of poll(() => api.vlans(call), clock, signal, [1000])) {
        known = vlans;
        if (areIn(known) || clock.now() >= until) return known;
    }
    signal.throwIfAborted();
    return known;
}
