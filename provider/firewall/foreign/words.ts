import { addresses } from "./addresses";
import { anyPacket, type Conditions, narrowed, type Protocol } from "./conditions";
import { everyAddress, everyPort, intervals, type Interval, type Intervals, without } from "./intervals";
import { portsIn } from "./ports";
import { type Target, targetOf } from "./target";

/** One rule of iptables-save, read to its end. */
export interface Read {
    /** Undefined where no packet can ever match. */
    conditions: Conditions | undefined;
    /** The chain or the verdict that it jumps to; absent for a rule that only counts. */
    jump?: string;
    isGoto: boolean;
    target?: Target;
}

const here: Target = { addresses: undefined, unknown: [] };

type Part = Partial<Conditions> | undefined;

/** An option with a value, as a condition; undefined where the value is not understood. */
const valued: Readonly<Record<string, (value: string, isNegated: boolean) => Part>> = {
    "-p": (value, isNegated) => protocols(value, isNegated),
    "-s": (value, not) => setOf("sources", [addresses(value)], everyAddress, not),
    "-d": (value, not) => setOf("destinations", [addresses(value)], everyAddress, not),
    "--src-range": (value, not) => setOf("sources", [addresses(value)], everyAddress, not),
    "--dst-range": (value, not) => setOf("destinations", [addresses(value)], everyAddress, not),
    "-i": (name, isNegated) => ({ interfaces: [{ name, isNegated }] }),
    "--dport": (value, not) => setOf("ports", [portsIn(value, ":")], everyPort, not),
    "--dports": (value, not) =>
        setOf(
            "ports",
            value.split(",").map((part) => portsIn(part, ":")),
            everyPort,
            not,
        ),
    "--dst-type": (value, isNegated) => (value === "LOCAL" ? { toHost: !isNegated } : undefined),
    "--comment": () => ({}),
};
const longNames: Readonly<Record<string, string>> = {
    "--protocol": "-p",
    "--source": "-s",
    "--destination": "-d",
    "--in-interface": "-i",
    "--destination-port": "--dport",
    "--destination-ports": "--dports",
    "--jump": "-j",
    "--goto": "-g",
};
/** Modules that say nothing by themselves: their options do. */
const modules = new Set(["tcp", "udp", "comment", "addrtype", "multiport", "iprange"]);
const flags = new Set(["--random", "--random-fully", "--persistent"]);
const jumps = new Set(["-j", "-g", "--to-destination", "--to-ports"]);

export function readRule(words: readonly string[]): Read {
    let conditions: Conditions | undefined = anyPacket;
    const read: Omit<Read, "conditions"> = { isGoto: false };
    const chosen: string[] = [];
    const add = (part: Partial<Conditions>): void => {
        conditions = conditions && narrowed(conditions, { ...anyPacket, ...part });
    };
    // words that belong together are quoted together
    let strange: string[] = [];
    const quoted = (): void => {
        if (strange.length > 0) add({ unknown: [strange.join(" ")] });
        strange = [];
    };
    // the first two words are "-A CHAIN"
    for (let at = 2; at < words.length; at += 1) {
        const isNegated = words[at] === "!";
        if (isNegated) at += 1;
        const word = words[at] ?? "";
        const name = longNames[word] ?? word;
        const value = words[at + 1] ?? "";
        const part = valued[name]?.(value, isNegated);
        const isKnown = part || flags.has(name) || jumps.has(name) || (name === "-m" && modules.has(value));
        if (!isKnown) {
            strange.push(...(isNegated ? ["!"] : []), word);
            continue;
        }
        quoted();
        if (flags.has(name)) {
            chosen.push(name);
            continue;
        }
        at += 1;
        if (part) add(part);
        else if (name === "--to-destination") read.target = targetOf(value, []);
        else if (name === "--to-ports") read.target = here;
        else if (name !== "-m") [read.jump, read.isGoto] = [value, name === "-g"];
    }
    quoted();
    const target = read.jump === "REDIRECT" ? (read.target ?? here) : read.target;
    return { ...read, ...(target && { target: { ...target, unknown: [...target.unknown, ...chosen] } }), conditions };
}

function protocols(value: string, isNegated: boolean): Part {
    const all: readonly Protocol[] = ["tcp", "udp"];
    const named = value === "all" ? all : all.filter((name) => name === value);
    return { protocols: isNegated ? all.filter((name) => !named.includes(name)) : named };
}

function setOf(
    kind: "ports" | "sources" | "destinations",
    parts: readonly (Interval | undefined)[],
    all: Intervals,
    isNegated: boolean,
): Part {
    const known = parts.filter((part) => part !== undefined);
    if (known.length < parts.length) return undefined;
    const set = intervals(...known);
    return { [kind]: isNegated ? without(all, set) : set };
}
