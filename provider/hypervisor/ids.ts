import type { Configuration } from "../configuration";
import type { CheckFailure, Context } from "../resource";
import type { Inputs } from "./schema";

/** Words in the server's own Open vSwitch ports: an id within one of them never gets its port. */
const reserved = ["vlan", "geneve", "bastion", "samba", "wg"];
/** Milliseconds without a further one, after which those of a program are counted. */
const quietMs = 1000;
const consequence = "the VPN may never make a port for one of them. Choose distinctive ids of the same length.";

interface Seen {
    /** The hypervisors of the program, as check has seen them: URNs by site and id. */
    ids: Map<string, Map<string, string>>;
    /** The first pair is told at once. */
    hasToldOne: boolean;
    untold: number;
    last: string;
    isWaiting: boolean;
}
const runs = new WeakMap<Configuration, Seen>();

function seenIn(configuration: Configuration): Seen {
    const seen = runs.get(configuration) ?? {
        ids: new Map(),
        hasToldOne: false,
        untold: 0,
        last: "",
        isWaiting: false,
    };
    runs.set(configuration, seen);
    return seen;
}

/** A record belongs to one resource. */
export function twice({ hyperId, site = "", __urn: urn = "" }: Inputs, { configuration }: Context): CheckFailure[] {
    const other = seenIn(configuration).ids.get(site)?.get(hyperId);
    if (!other || !urn || other === urn) return [];
    const name = other.split("::").at(-1) ?? other;
    const reason = `"${name}" of this program has hyperId "${hyperId}" already: a record belongs to one resource. Take one out, or give it another id.`;
    return [{ property: "hyperId", reason }];
}

/** An id that the VPN may mistake for another: one is told at once, and all others of a program in one line. */
export function warnOfId({ hyperId, site = "", __urn: urn = "" }: Inputs, { configuration, world }: Context): void {
    const seen = seenIn(configuration);
    const others = seen.ids.get(site) ?? new Map<string, string>();
    seen.ids.set(site, others);
    const pairs = [
        ...reserved.filter((word) => contain(word, hyperId)).map((word) => `IsardVDI's own "${word}"`),
        ...[...others.keys()]
            .filter((other) => other !== hyperId && contain(other, hyperId))
            .map((other) => `"${other}"`),
    ].map((other) => `hyperId "${hyperId}" and ${other}`);
    if (!others.get(hyperId)) others.set(hyperId, urn);
    const told = seen.hasToldOne ? [] : pairs.slice(0, 1);
    told.forEach((pair) => world.log.warn(`${pair} contain one another: ${consequence}`));
    seen.hasToldOne ||= told.length > 0;
    const untold = pairs.slice(told.length);
    if (untold.length === 0) return;
    seen.untold += untold.length;
    seen.last = untold.at(-1) ?? "";
    if (!seen.isWaiting) void tellLater(seen, world);
}

const contain = (one: string, other: string): boolean => one.includes(other) || other.includes(one);

/** Once the checks, which come one after the other, are over, or the run is. */
async function tellLater(seen: Seen, { clock, signal, log }: Context["world"]): Promise<void> {
    seen.isWaiting = true;
    let before = 0;
    while (before !== seen.untold && !signal.aborted) {
        before = seen.untold;
        await clock.sleep(quietMs, signal).catch(() => undefined);
    }
    seen.isWaiting = false;
    const more = seen.untold === 1 ? "1 more pair of ids contains" : `${seen.untold} more pairs of ids contain`;
    seen.untold = 0;
    log.warn(`${more} one another, such as ${seen.last}: ${consequence}`);
}
