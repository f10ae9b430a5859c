import { sectionsOf } from "./host/answer";
import { type Ledger, parseLedger } from "./ledger";
import { parseSave, type Saved } from "./save";

/** One iptables of a host: Debian has two, each with rules of its own. */
export interface Tool {
    variant: "nft" | "legacy" | "plain";
    /** Absolute: "/usr/sbin/iptables-nft". */
    path: string;
    saved: Saved;
}

export interface ZoneSeen {
    interfaces: string[];
    sources: string[];
    /** Port, protocol, target port, target address. */
    forwardPorts: string[][];
    richRules: string[];
}

/** firewalld's run-time and permanent settings, as far as forwards go. */
export interface FirewalldSeen {
    backend: string;
    defaultZone: string;
    zones: Record<string, ZoneSeen>;
    permanent: Record<string, Pick<ZoneSeen, "forwardPorts" | "richRules">>;
    /** Table, chain, arguments. */
    direct: [string, string, string[]][];
    permanentDirect: [string, string, string[]][];
    /** Permanent chains of the direct interface: family, table, chain. */
    chain: string[][];
}

/** Everything that one look at a host saw. */
export interface Seen {
    machineId: string;
    ipForward: string;
    ledger: Ledger;
    /** The ledger to which a change that nobody confirms goes back. */
    before: Ledger;
    tools: Tool[];
    /** What plain `iptables` is. */
    usual: "nft" | "legacy";
    firewalld: FirewalldSeen | undefined;
    /** IPv4 addresses with global scope. */
    addresses: { link: string; address: string }[];
    links: ReadonlySet<string>;
    /** Tables of nftables, those without any rule included. */
    nftTables: string[];
    persist: ReadonlySet<string>;
    fingerprint: string;
    isRoot: boolean;
}

export function parseSeen(stdout: string, host: string): Seen {
    const sections = sectionsOf(stdout);
    const text = (name: string): string => sections.find((section) => section.name === name)?.text ?? "";
    const firewalld = text("firewalld");
    return {
        machineId: text("machine"),
        ipForward: text("ipforward"),
        ledger: parseLedger(text("ledger"), host),
        before: parseLedger(text("before"), host),
        tools: sections
            .filter(({ name }) => name === "save")
            .map(({ words: [variant, path = ""], text: save }) => ({
                variant: variant as Tool["variant"],
                path,
                saved: parseSave(save),
            })),
        usual: text("default").includes("legacy") ? "legacy" : "nft",
        firewalld: firewalld.startsWith("{") ? (JSON.parse(firewalld) as FirewalldSeen) : undefined,
        addresses: [...text("addresses").matchAll(/^\d+: (\S+)\s+inet ([\d.]+)/gm)].map(
            ([, link = "", address = ""]) => ({
                link,
                address,
            }),
        ),
        links: new Set(text("links").split("\n").filter(Boolean)),
        nftTables: [...text("nftables").matchAll(/^table ip (\S+)/gm)].map(([, name = ""]) => name),
        persist: new Set(text("persist").split("\n").filter(Boolean)),
        fingerprint: text("fingerprint"),
        isRoot: !sections.some(({ name }) => name === "notroot"),
    };
}
