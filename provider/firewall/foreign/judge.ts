import type { Forward } from "../firewall";
import { addresses, numberOf } from "./addresses";
import { anyPacket, type Conditions, narrowed } from "./conditions";
import type { Foreign, Twin } from "./foreign";
import { everyAddress, intervals, type Intervals, meet, same } from "./intervals";
import { twinOf } from "./twin";

/** What of the host tells which packets a forward would take there. */
export interface Scene {
    /** The host's own addresses that are reached from outside. */
    own: readonly string[];
    /** firewalld's zones that the forward goes into; undefined where firewalld does not run. */
    zones: readonly string[] | undefined;
}

export type Verdict =
    | { kind: "apart" }
    /** It has some of the host's addresses, and keeps them: the forward takes the others. */
    | { kind: "beside"; addresses: readonly string[] }
    /** Taking it out once the forward is in changes nothing for anyone. */
    | { kind: "equal" }
    | { kind: "conflict"; why: string };

export interface Judged {
    rule: Foreign;
    verdict: Verdict;
}

/** Those foreign rules that have to do with a forward's packets. */
export const judged = (forward: Forward, all: readonly Foreign[], scene: Scene): Judged[] =>
    all
        .map((rule) => ({ rule, verdict: judge(forward, rule, all, scene) }))
        .filter(({ verdict }) => verdict.kind !== "apart");

/** How a forward and a foreign rule stand to each other: what is not understood may take what the forward takes. */
function judge(forward: Forward, rule: Foreign, all: readonly Foreign[], { own, zones }: Scene): Verdict {
    const apart: Verdict = { kind: "apart" };
    const { zone, destinations } = rule.conditions;
    if (rule.from === "host" && forward.local !== true) return apart;
    if (!narrowed(wanted(forward), { ...rule.conditions, zone: undefined })) return apart;
    if (zone !== undefined && zones !== undefined && !zones.includes(zone)) return apart;
    const isTaken = (address: string): boolean => meet(destinations, intervals([numberOf(address), numberOf(address)]));
    const local = rule.from === "outside" ? own : [...own, "127.0.0.1"];
    if (own.length > 0 && !local.some(isTaken)) return apart;
    const twin = twinOf(rule);
    if (!("why" in twin) && isTwin(forward, twin, zones) && isInAll(rule, all, zones)) return { kind: "equal" };
    const theirs = own.filter(isTaken);
    if (rule.from === "outside" && theirs.length > 0 && theirs.length < own.length)
        return { kind: "beside", addresses: theirs };
    return { kind: "conflict", why: "why" in twin ? twin.why : "it does not do the same" };
}

/** A forward without a zone goes into several: the rule has to stand in each of them. */
function isInAll({ conditions, place }: Foreign, all: readonly Foreign[], zones: Scene["zones"]): boolean {
    if (conditions.zone === undefined || zones === undefined || place.kind !== "firewalld") return true;
    const text = JSON.stringify(place.entry);
    const has = (zone: string) => (each: Foreign) =>
        each.conditions.zone === zone && each.place.kind === "firewalld" && JSON.stringify(each.place.entry) === text;
    return zones.every((zone) => all.some(has(zone)));
}

function wanted({ protocol, from, to, sourceCidrs = [], inInterface }: Forward): Conditions {
    const sources = networks(sourceCidrs);
    return {
        ...anyPacket,
        protocols: [protocol],
        ports: [[from, to]],
        sources: sources.length > 0 ? sources : everyAddress,
        interfaces: inInterface === undefined ? [] : [{ name: inInterface, isNegated: false }],
        toHost: true,
    };
}

const networks = (list: readonly string[] = []): Intervals =>
    intervals(...list.map(addresses).filter((each) => each !== undefined));

function isTwin(forward: Forward, twin: Twin, zones: Scene["zones"]): boolean {
    const given = ({ toPort, from, to }: Pick<Forward, "toPort" | "from" | "to">): number | undefined =>
        toPort ?? (from === to ? from : undefined);
    const sources = (list: readonly string[] | undefined): Intervals =>
        list === undefined || list.length === 0 ? everyAddress : networks(list);
    return (
        twin.protocol === forward.protocol &&
        twin.from === forward.from &&
        twin.to === forward.to &&
        twin.toAddress === forward.toAddress &&
        given(twin) === given(forward) &&
        same(sources(twin.sourceCidrs), sources(forward.sourceCidrs)) &&
        twin.inInterface === forward.inInterface &&
        (twin.local !== true || forward.local === true) &&
        (twin.zone === undefined) === (zones === undefined)
    );
}
