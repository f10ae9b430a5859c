import { networkOf, networksOverlap } from "../../firewall/networks";
import { option, parseSave, type Saved, type SavedRule } from "../../firewall/save";

/** The rules of one iptables back end, with the policies that its parse leaves out. */
export interface Save {
    saved: Saved;
    isForwardDropped: boolean;
}

export interface Saves {
    saves: readonly Save[];
    /** firewalld's forwards, "port=2022:proto=tcp:toport=2022:toaddr=172.31.255.17"; empty without firewalld. */
    firewalld: readonly string[];
    isForwarding: boolean;
    /** The bridges of Docker's networks. */
    bridges: ReadonlySet<string>;
}

export interface Target {
    address: string;
    port: number;
}

interface Packet {
    protocol: "tcp" | "udp";
    port: number;
    /** Of the container; unknown before the rewrite. */
    to?: string;
    /** As it came in, once it has been rewritten. */
    original?: number;
    /** Docker's own. */
    bridges: ReadonlySet<string>;
}

export const saveOf = (text: string): Save => ({
    saved: parseSave(text),
    isForwardDropped: /^:FORWARD DROP/m.test(filterOf(text)),
});

const filterOf = (text: string): string => /^\*filter$[^]*?(?=^\*|(?![^]))/m.exec(text)?.[0] ?? "";

/** Where a packet to a port of the host itself is led, by iptables or firewalld. */
export function forwardOf(
    { saves, firewalld, bridges }: Saves,
    protocol: "tcp" | "udp",
    port: number,
): Target | undefined {
    for (const { saved } of saves) {
        const rule = walk(saved, "nat", "PREROUTING", { protocol, port, bridges });
        const target = rule && option(rule.words, "--to-destination");
        if (target) return targetOf(target, port);
    }
    for (const line of firewalld) {
        const found = firewalldForward(line);
        if (found.proto === protocol && contains(found.port, port) && found.toaddr)
            return {
                address: found.toaddr,
                port: found.toport && !found.toport.includes("-") ? Number(found.toport) : port,
            };
    }
    return undefined;
}

/** The rule, or the policy, that stops a forwarded packet on its way to a container. */
export function stopOf(
    { saves, bridges }: Saves,
    protocol: "tcp" | "udp",
    asked: number,
    to: Target,
): string | undefined {
    const packet: Packet = { protocol, port: to.port, to: to.address, original: asked, bridges };
    for (const { saved, isForwardDropped } of saves) {
        const rule = walk(saved, "filter", "FORWARD", packet);
        const jump = rule && option(rule.words, "-j", "-g");
        if (jump === "DROP" || jump === "REJECT") return rule?.line;
        if (!rule && isForwardDropped && saved.get("filter")?.chains.has("DOCKER")) return "-P FORWARD DROP";
    }
    return undefined;
}

/** The first rule that decides; what cannot be judged from here is taken to let the packet through. */
function walk(saved: Saved, table: string, chain: string, packet: Packet, depth = 0): SavedRule | undefined {
    if (depth > 12) return undefined;
    for (const rule of saved.get(table)?.rules ?? []) {
        if (rule.chain !== chain) continue;
        const jump = option(rule.words, "-j", "-g");
        const match = matches(rule.words, packet);
        if (jump === undefined || match === "no") continue;
        if (jump === "RETURN") {
            if (match === "yes") return undefined;
        } else if (jump === "DROP" || jump === "REJECT") {
            if (match === "yes") return rule;
        } else if (jump === "ACCEPT" || jump === "DNAT") return rule;
        else {
            const found = walk(saved, table, jump, packet, depth + 1);
            if (found) return found;
        }
    }
    return undefined;
}

type Match = "yes" | "no" | "perhaps";
/** Each option that is understood: whether its value fits; an option that is not makes "perhaps". */
const judges: Record<string, (value: string, packet: Packet) => Match> = {
    "-p": (value, { protocol }) => sure(value === protocol || value === "all"),
    "-d": (value, { to }) => (to === undefined ? "perhaps" : sure(isInNetwork(to, value))),
    "--dport": (value, { port }) => sure(contains(value, port)),
    "--dports": (value, { port }) => sure(value.split(",").some((each) => contains(each, port))),
    // from outside: not by the loopback, nor by one of Docker's bridges
    "-i": (value, { bridges }) => (/^(lo$|wg|ovs)/.test(value) || bridges.has(value) ? "no" : "perhaps"),
    "-o": (value, { bridges }) => (bridges.has(value) ? "perhaps" : "no"),
    "--ctstate": (value) => sure(/NEW|DNAT/.test(value)),
    "--state": (value) => sure(/NEW/.test(value)),
    "--ctorigdstport": (value, { original }) => (original === undefined ? "perhaps" : sure(contains(value, original))),
    "--ctreplsrc": (value, { to }) => (to === undefined ? "perhaps" : sure(isInNetwork(to, value))),
    "--ctreplsrcport": (value, { port }) => sure(contains(value, port)),
    "--dst-type": (value, { to }) => sure((value === "LOCAL") === (to === undefined)),
};
const silent = new Set(["-A", "-m", "-j", "-g", "--comment", "--to-destination", "--reject-with"]);

function matches(words: readonly string[], packet: Packet): Match {
    let result: Match = "yes";
    for (let index = 0; index < words.length; index++) {
        const word = words[index] ?? "";
        if (!word.startsWith("-") || silent.has(word)) continue;
        const judge = judges[word];
        const isNegated = words[index - 1] === "!";
        const match = judge ? judge(words[index + 1] ?? "", packet) : "perhaps";
        const final = !isNegated || match === "perhaps" ? match : match === "yes" ? "no" : "yes";
        if (final === "no") return "no";
        if (final === "perhaps") result = "perhaps";
    }
    return result;
}

function isInNetwork(address: string, network: string): boolean {
    const [one, all] = [networkOf(address), networkOf(network)];
    return one !== undefined && all !== undefined && networksOverlap(one, all);
}

const sure = (isSo: boolean): Match => (isSo ? "yes" : "no");

function contains(range: string | undefined, port: number): boolean {
    const [from = NaN, to = from] = (range ?? "").split(/[:-]/).map(Number);
    return port >= from && port <= to;
}

function targetOf(text: string, port: number): Target {
    const [address = "", toPort] = text.split(":");
    return { address, port: toPort && !toPort.includes("-") ? Number(toPort) : port };
}

function firewalldForward(line: string): Record<"port" | "proto" | "toport" | "toaddr", string | undefined> {
    const rich = /forward-port port="([^"]+)" protocol="(\w+)" to-port="([^"]*)" to-addr="([^"]*)"/.exec(line);
    if (rich) return { port: rich[1], proto: rich[2], toport: rich[3], toaddr: rich[4] };
    const of = (name: string): string | undefined => new RegExp(`(?:^|:)${name}=([^:]*)`).exec(line)?.[1];
    return { port: of("port"), proto: of("proto"), toport: of("toport"), toaddr: of("toaddr") };
}
