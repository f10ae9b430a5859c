import type { Forward, ForeignRule } from "./firewall";
import { chains, commentPrefix } from "./rules";
import { option, type Saved, type SavedRule } from "./save";

/** A foreign forward, with what is needed to take it out exactly. */
export interface Foreign extends Omit<ForeignRule, "adoptable"> {
    place: { kind: "iptables"; rule: SavedRule } | { kind: "firewalld"; zone: string; entry: string | string[] };
    /** Conditions beyond protocol and port: an equal forward of ours would not do the same. */
    narrowed: boolean;
}

const ownChains = new Set<string>(Object.values(chains));
const isOwn = ({ chain, words }: SavedRule): boolean =>
    ownChains.has(chain) || (option(words, "--comment")?.startsWith(commentPrefix) ?? false);

/** DNAT rules that are not ours, in whatever chain of the nat table. */
export function foreignInSave(saved: Saved, isManaged: (chain: string) => boolean): Foreign[] {
    const rules = saved.get("nat")?.rules ?? [];
    return rules.flatMap((rule) => (isOwn(rule) || isManaged(rule.chain) ? [] : dnatOf(rule)));
}

function dnatOf(rule: SavedRule): Foreign[] {
    const { words } = rule;
    const jump = option(words, "-j", "--jump");
    const to = option(words, "--to-destination");
    if ((jump !== "DNAT" || !to) && jump !== "REDIRECT") return [];
    const [address = "", toPort] = (to ?? "").split(":");
    const protocols = protocolsOf(option(words, "-p", "--protocol"));
    return protocols.flatMap((protocol) =>
        portsOf(words).map(({ from, to: last }) => ({
            line: rule.line,
            protocol,
            from,
            to: last,
            toAddress: address,
            toPort: toPort && /^\d+$/.test(toPort) ? Number(toPort) : undefined,
            place: { kind: "iptables" as const, rule },
            narrowed: isNarrowed(words),
        })),
    );
}

const protocolsOf = (name: string | undefined): ("tcp" | "udp")[] =>
    name === "tcp" || name === "udp" ? [name] : name === undefined || name === "all" ? ["tcp", "udp"] : [];

/** No port at all is every port. */
function portsOf(words: readonly string[]): { from: number; to: number }[] {
    const list = option(words, "--dport", "--destination-port", "--dports", "--destination-ports");
    return (list ?? "0:65535").split(",").map((part) => {
        const [from, to] = part.split(":").map(Number);
        return { from: from ?? 0, to: to ?? from ?? 0 };
    });
}

const harmless = new Set(["tcp", "udp", "comment", "addrtype"]);

/** Anything but protocol, port and "to this host" narrows a rule. */
function isNarrowed(words: readonly string[]): boolean {
    const matches = words.filter((_, index) => words[index - 1] === "-m");
    const limits = ["-s", "-d", "-i", "-o", "!", "--dports"].some((word) => words.includes(word));
    return limits || matches.some((match) => !harmless.has(match));
}

/** Whether both would forward some same packet, as far as protocol and port tell. */
export const overlaps = (
    a: Pick<Forward, "protocol" | "from" | "to">,
    b: Pick<Forward, "protocol" | "from" | "to">,
): boolean => a.protocol === b.protocol && a.from <= b.to && b.from <= a.to;

/** Whether some forward is equal to it. */
export const isAdoptable = ({ narrowed, from, to, toPort, toAddress }: Foreign): boolean =>
    !narrowed && toAddress !== "" && (from === to || toPort === undefined);

/** Whether taking the foreign rule out after ours is in changes nothing for anyone. */
export function isEqual(forward: Forward, rule: Foreign): boolean {
    const port = forward.toPort ?? (forward.from === forward.to ? forward.from : undefined);
    const itsPort = rule.toPort ?? (rule.from === rule.to ? rule.from : undefined);
    return (
        !rule.narrowed &&
        !forward.sourceCidrs?.length &&
        !forward.inInterface &&
        rule.from === forward.from &&
        rule.to === forward.to &&
        rule.toAddress === forward.toAddress &&
        port === itsPort
    );
}
