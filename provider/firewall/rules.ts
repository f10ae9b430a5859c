import type { Forward } from "./firewall";
import { cidr } from "./networks";

/** Our chains: whatever stands in them is ours, nothing outside them is. */
export const chains = { dnat: "ISARDVDI-DNAT", local: "ISARDVDI-LOCAL", accept: "ISARDVDI-FWD" } as const;

export type Table = "nat" | "filter";
export interface Rule {
    table: Table;
    /** As iptables-save prints it. */
    line: string;
}

export const commentPrefix = "pulumi-isardvdi:";

/** Every iptables line of one forward, in the very form that iptables-save prints. */
export function iptablesRules(forward: Forward, tag: string, spares: readonly string[] = []): Rule[] {
    const spared = spares.map((address): Rule => {
        const packets = `-d ${cidr(address)} -p ${forward.protocol} -m ${forward.protocol} --dport ${ports(forward, ":")}`;
        return { table: "nat", line: `-A ${chains.dnat} ${packets} ${comment(tag)} -j RETURN` };
    });
    const each = sources(forward).flatMap((source): Rule[] => [
        nat(chains.dnat, forward, tag, source),
        { table: "filter", line: `-A ${chains.accept} ${acceptSpec(forward, tag, source)}` },
    ]);
    const all = [...spared, ...each];
    return forward.local ? [...all, nat(chains.local, forward, tag, undefined)] : all;
}

function nat(chain: string, forward: Forward, tag: string, source: string | undefined): Rule {
    const parts = [
        `-A ${chain}`,
        source && `-s ${source}`,
        // the host's own words to itself never leave the loopback addresses
        chain === chains.local && "! -d 127.0.0.0/8",
        chain === chains.dnat && forward.inInterface && `-i ${forward.inInterface}`,
        `-p ${forward.protocol} -m addrtype --dst-type LOCAL -m ${forward.protocol} --dport ${ports(forward, ":")}`,
        comment(tag),
        `-j DNAT --to-destination ${target(forward)}`,
    ];
    return { table: "nat", line: parts.filter(Boolean).join(" ") };
}

/** Opens the forwarded flow in both directions and no other: it is told by its first and its final destination. */
export function acceptSpec(forward: Forward, tag: string, source: string | undefined): string {
    const asked = ports(forward, ":");
    const given = forward.toPort === undefined ? asked : String(forward.toPort);
    const parts = [
        `-p ${forward.protocol} -m conntrack --ctstate DNAT`,
        // the one match that prints a single address without its length
        source && `--ctorigsrc ${source.replace(/\/32$/, "")}`,
        `--ctreplsrc ${forward.toAddress} --ctorigdstport ${asked} --ctreplsrcport ${given}`,
        comment(tag),
        "-j ACCEPT",
    ];
    return parts.filter(Boolean).join(" ");
}

/** firewalld's rich rules; one for each address, for firewalld has no word for "the host itself". */
export function richRules(forward: Forward, addresses: readonly string[]): string[] {
    const to = forward.toPort ?? ports(forward, "-");
    return sources(forward).flatMap((source) =>
        addresses.map((address) =>
            [
                'rule family="ipv4"',
                source && `source address="${source}"`,
                `destination address="${address}"`,
                `forward-port port="${ports(forward, "-")}" protocol="${forward.protocol}"`,
                `to-port="${to}" to-addr="${forward.toAddress}"`,
            ]
                .filter(Boolean)
                .join(" "),
        ),
    );
}

/** A rule of firewalld's direct interface: table, chain and arguments. */
export interface DirectRule {
    table: Table;
    chain: string;
    args: string[];
}

/** What firewalld's zones cannot say: Docker's accept, and what the host itself sends. */
export function directRules(forward: Forward, tag: string): DirectRule[] {
    const accepts = sources(forward).map((source) => direct("filter", "DOCKER-USER", acceptSpec(forward, tag, source)));
    const spec = nat(chains.local, forward, tag, undefined).line.replace(`-A ${chains.local} `, "");
    return forward.local ? [...accepts, direct("nat", "OUTPUT", spec)] : accepts;
}

export const directText = ({ table, chain, args }: DirectRule): string =>
    `direct: ipv4 ${table} ${chain} 0 ${args.join(" ")}`;

function direct(table: Table, chain: string, spec: string): DirectRule {
    return { table, chain, args: spec.split(" ").map((word) => word.replaceAll('"', "")) };
}

export function sources({ sourceCidrs = [] }: Forward): (string | undefined)[] {
    const all = sourceCidrs.map(cidr);
    // iptables prints no match for everyone
    return all.length === 0 || all.some((source) => source.endsWith("/0")) ? [undefined] : all;
}

export function ports({ from, to }: Pick<Forward, "from" | "to">, dash: ":" | "-"): string {
    return from === to ? String(from) : `${from}${dash}${to}`;
}

const target = ({ toAddress, toPort }: Forward): string =>
    toPort === undefined ? toAddress : `${toAddress}:${toPort}`;

const comment = (tag: string): string => `-m comment --comment "${commentPrefix}${tag}"`;
