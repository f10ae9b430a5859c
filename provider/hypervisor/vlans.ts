import type { Call, IsardApi } from "../isardvdi/api";
import { pollUntil } from "../wait/poll";
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
    const known = await api.vlans(call, { listed: true });
    if (areIn(known)) return known;
    return await pollUntil(() => api.vlans(call), areIn, cachedFor, { clock, signal }, { intervals: [1000] });
}
