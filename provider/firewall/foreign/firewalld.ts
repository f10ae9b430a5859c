import type { FirewalldSeen } from "../seen";
import { addresses } from "./addresses";
import { anyPacket, type Conditions, type Protocol } from "./conditions";
import type { Foreign } from "./foreign";
import { everyAddress, intervals, without } from "./intervals";
import { portsIn } from "./ports";
import { type Target, targetOf } from "./target";

/** firewalld's forward-ports and rich rules of its zones, run time and permanent; `own` are those of the ledger, as "ZONE RULE". */
export function foreignInZones(firewalld: FirewalldSeen, own: ReadonlySet<string>): Foreign[] {
    const seen = new Map<string, Foreign>();
    for (const [zone, { forwardPorts, richRules }] of [firewalld.zones, firewalld.permanent].flatMap(
        Object.entries,
    ) as [string, { forwardPorts: string[][]; richRules: string[] }][]) {
        for (const entry of forwardPorts) {
            const [port = "", protocol = "", toPort = "", toAddress = ""] = entry;
            const line = `zone ${zone}: port=${port}:proto=${protocol}:toport=${toPort}:toaddr=${toAddress}`;
            // firewalld takes a family from the target's address, and an IPv6 one is none of ours
            if (toAddress.includes(":")) continue;
            const conditions = { ...packets(port, protocol), zone };
            seen.set(line, of(line, conditions, target(toAddress, toPort), { kind: "firewalld", zone, entry }));
        }
        for (const entry of richRules) {
            if (!/ forward-port /.test(entry) || own.has(`${zone} ${entry}`)) continue;
            const line = `zone ${zone}: ${entry}`;
            const read = readRich(entry);
            if (!read) continue;
            const conditions = { ...read.conditions, zone };
            seen.set(line, of(line, conditions, read.target, { kind: "firewalld", zone, entry }));
        }
    }
    return [...seen.values()];
}

/** Those of policies: which zones lead to one is not followed, so each counts for every zone. */
export function foreignInPolicies({ policies = {} }: FirewalldSeen): Foreign[] {
    return Object.entries(policies).flatMap(([name, { forwardPorts, richRules, ingress }]) => {
        if (ingress.length === 1 && ingress[0] === "HOST") return [];
        const place = { kind: "other", what: `firewalld's policy ${name}` } as const;
        const ports = forwardPorts.map(([port = "", protocol = "", toPort = "", toAddress = ""]) => {
            const line = `policy ${name}: port=${port}:proto=${protocol}:toport=${toPort}:toaddr=${toAddress}`;
            return of(line, packets(port, protocol), target(toAddress, toPort), place);
        });
        const rich = richRules.flatMap((entry) => {
            const read = / forward-port /.test(entry) ? readRich(entry) : undefined;
            return read ? [of(`policy ${name}: ${entry}`, read.conditions, read.target, place)] : [];
        });
        return [...ports, ...rich];
    });
}

const of = (line: string, conditions: Conditions, sends: Target, place: Foreign["place"]): Foreign => ({
    line,
    conditions,
    target: sends,
    from: "outside",
    place,
});

function packets(port: string, protocol: string): Conditions {
    const range = portsIn(port, "-");
    const known = (["tcp", "udp"] as const).filter((name): name is Protocol => name === protocol);
    return {
        ...anyPacket,
        protocols: known,
        ...(range ? { ports: [range] } : { unknown: [`port "${port}"`] }),
    };
}

const target = (address: string, port: string): Target =>
    address === "" ? { addresses: undefined, unknown: [] } : targetOf(port === "" ? address : `${address}:${port}`, []);

const elements = new Set(["source", "destination", "forward-port"]);
const forwarding = new Set(["port", "protocol", "to-port", "to-addr"]);

/** A rich rule, by the words of firewalld's language; undefined for one of IPv6. */
function readRich(rule: string): { conditions: Conditions; target: Target } | undefined {
    const words = rule.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
    const forward = new Map<string, string>();
    let conditions: Conditions = anyPacket;
    const unknown: string[] = [];
    let element = "rule";
    let isNegated = false;
    for (const word of words.slice(1)) {
        const [, name = "", value = ""] = /^([\w-]+)="?([^"]*)"?$/.exec(word) ?? [];
        if (word === "NOT") {
            isNegated = true;
            continue;
        }
        const range = name === "address" ? addresses(value) : undefined;
        if (name === "") {
            element = elements.has(word) ? word : "";
            if (element === "") unknown.push(word);
        } else if (element === "rule" && name === "family") {
            if (value === "ipv6") return undefined;
        } else if (element === "forward-port" && forwarding.has(name)) forward.set(name, value);
        else if (range && (element === "source" || element === "destination")) {
            const set = intervals(range);
            conditions = { ...conditions, [`${element}s`]: isNegated ? without(everyAddress, set) : set };
        } else unknown.push(isNegated ? `NOT ${word}` : word);
        isNegated = false;
    }
    const own = packets(forward.get("port") ?? "", forward.get("protocol") ?? "");
    return {
        conditions: {
            ...conditions,
            protocols: own.protocols,
            ports: own.ports,
            unknown: [...own.unknown, ...unknown],
        },
        target: target(forward.get("to-addr") ?? "", forward.get("to-port") ?? ""),
    };
}
