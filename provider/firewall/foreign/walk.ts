import { chains, commentPrefix } from "../rules";
import { option, type Saved, type SavedRule } from "../save";
import { anyPacket, type Conditions, mayMeet, narrowed } from "./conditions";
import type { Foreign } from "./foreign";
import { programOf } from "./programs";
import { type Read, readRule } from "./words";

const ownChains = new Set<string>(Object.values(chains));
const isOwn = ({ chain, words }: SavedRule, jump: string | undefined): boolean =>
    ownChains.has(chain) ||
    (jump !== undefined && ownChains.has(jump)) ||
    (option(words, "--comment")?.startsWith(commentPrefix) ?? false);

/** Verdicts after which a packet goes on, and those that end the way of what they take. */
const passing = new Set(["LOG", "NFLOG", "MARK", "CONNMARK", "CT", "TRACE", "SECMARK", "CONNSECMARK", "NOTRACK"]);
const ending = new Set(["ACCEPT", "RETURN"]);

/** What has taken packets before, so that a rule after it gets less than it asks for. */
interface Taker {
    line: string;
    conditions: Conditions;
}
interface Walk {
    rules: ReadonlyMap<string, readonly (SavedRule & Read)[]>;
    chains: ReadonlySet<string>;
    from: "outside" | "host";
    hasFirewalld: boolean;
    takers: Taker[];
    found: Foreign[];
}

/** The foreign forwards of a nat table, with the conditions of the jumps that lead to them; what nothing leads to takes nothing. */
export function foreignInSave(saved: Saved, hasFirewalld: boolean): Foreign[] {
    const nat = saved.get("nat");
    const rules = new Map<string, (SavedRule & Read)[]>();
    for (const rule of nat?.rules ?? []) {
        const read = readRule(rule.words);
        if (isOwn(rule, read.jump)) continue;
        const list = rules.get(rule.chain) ?? [];
        rules.set(rule.chain, list);
        list.push({ ...rule, ...read });
    }
    const walks = (["outside", "host"] as const).map((from) => {
        const walk: Walk = {
            rules,
            chains: new Set([...(nat?.chains ?? []), ...rules.keys()]),
            from,
            hasFirewalld,
            takers: [],
            found: [],
        };
        follow(from === "outside" ? "PREROUTING" : "OUTPUT", anyPacket, [], walk);
        return walk.found;
    });
    return merged(walks.flat());
}

/** A rule that takes the same from outside and from the host itself is one. */
function merged(all: readonly Foreign[]): Foreign[] {
    const found = new Map<string, Foreign>();
    for (const each of all) {
        const key = JSON.stringify([each.place, each.conditions]);
        found.set(key, found.has(key) ? { ...each, from: "both" } : each);
    }
    return [...found.values()];
}

function follow(chain: string, way: Conditions, path: readonly string[], walk: Walk): void {
    // the kernel refuses a loop, so one is only in a text that is no table's
    if (path.includes(chain)) return;
    const returned: Taker[] = [];
    for (const rule of walk.rules.get(chain) ?? []) {
        const conditions = rule.conditions && narrowed(way, rule.conditions);
        const { jump } = rule;
        if (!conditions || jump === undefined || passing.has(jump)) continue;
        const { line } = rule;
        if (walk.chains.has(jump)) {
            follow(jump, conditions, [...path, chain], walk);
            if (rule.isGoto) returned.push({ line, conditions });
        } else if (jump === "RETURN") returned.push({ line, conditions });
        else {
            const before = [...walk.takers, ...returned].find(
                (taker) => taker.line !== line && mayMeet(taker.conditions, conditions),
            );
            const unknown = before ? [`what this one before it takes: ${before.line}`] : [];
            walk.takers.push({ line, conditions });
            if (!ending.has(jump)) walk.found.push(foreignOf(rule, narrowedBy(conditions, unknown), chain, jump, walk));
        }
    }
}

const narrowedBy = (conditions: Conditions, unknown: readonly string[]): Conditions => ({
    ...conditions,
    unknown: [...conditions.unknown, ...unknown],
});

function foreignOf(
    rule: SavedRule & Read,
    conditions: Conditions,
    chain: string,
    jump: string,
    { from, hasFirewalld }: Walk,
): Foreign {
    const isRead = jump === "DNAT" || jump === "REDIRECT";
    const program = programOf(chain, hasFirewalld);
    const { chain: _chain, line, words, position } = rule;
    return {
        line,
        conditions,
        target: isRead ? rule.target : undefined,
        from,
        ...(program !== undefined && { program }),
        place: { kind: "iptables", rule: { chain, line, words, position } },
    };
}
