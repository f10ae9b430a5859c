import { isIPv4 } from "node:net";
import { IsardvdiError } from "../errors";
import { networkOf } from "./networks";
import type { Change, Forward } from "./firewall";
import type { Seen } from "./seen";

type Rule = [property: string, isGood: (forward: Forward) => boolean, advice: string];

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65535;

/** The last gate before a rule is written: nothing but these characters ever reaches a host. */
const rules: readonly Rule[] = [
    ["protocol", ({ protocol }) => protocol === "tcp" || protocol === "udp", 'Give "tcp" or "udp".'],
    [
        "port",
        ({ from, to }) => isPort(from) && isPort(to) && from <= to,
        "Give ports from 1 to 65535, the lower first.",
    ],
    ["toAddress", ({ toAddress }) => isIPv4(toAddress), "Give an IPv4 address, not a name."],
    ["toPort", ({ toPort }) => toPort === undefined || isPort(toPort), "Give a port from 1 to 65535."],
    [
        "sourceCidrs",
        ({ sourceCidrs = [] }) => sourceCidrs.every((cidr) => networkOf(cidr) !== undefined),
        'Give IPv4 networks such as "10.0.0.0/24".',
    ],
    [
        "inInterface",
        ({ inInterface }) => inInterface === undefined || /^(?!-)[A-Za-z0-9_.@-]{1,15}$/.test(inInterface),
        "Give the name of a link, as ip link shows it.",
    ],
    [
        "zone",
        ({ zone }) => zone === undefined || /^(?!-)[A-Za-z0-9_-]{1,17}$/.test(zone),
        "Give the name of a zone of firewalld.",
    ],
];

export function badForward({ owner, forward }: Change, seen: Seen, host: string): IsardvdiError | undefined {
    const failed = (property: string, what: string, advice: string): IsardvdiError =>
        new IsardvdiError({
            code: "bad-input",
            action: "forward a port on",
            resource: host,
            seen: what,
            advice,
            property,
        });
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(owner.tag))
        return failed("tag", "the owner's tag is not plain", "Use letters, digits, - and _.");
    if (!forward) return undefined;
    for (const [property, isGood, advice] of rules) {
        const value = property === "port" ? `${forward.from}-${forward.to}` : forward[property as keyof Forward];
        if (!isGood(forward)) return failed(property, `${property} is ${JSON.stringify(value)}`, advice);
    }
    const { inInterface, zone } = forward;
    if (inInterface !== undefined && !seen.links.has(inInterface)) {
        const links = [...seen.links]
            .flatMap(([link, kind]) => (link === "lo" || kind === "port" ? [] : [link]))
            .join(", ");
        return failed("inInterface", `it has no link "${inInterface}"`, `Links there: ${links}.`);
    }
    if (zone !== undefined && !seen.firewalld)
        return failed("zone", "zone is given, but firewalld does not run there", "Leave zone out.");
    return undefined;
}
