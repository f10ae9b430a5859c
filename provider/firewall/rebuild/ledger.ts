import type { Entry, Ledger } from "../ledger";
import { commentsIn, ownTable } from "../own-table";
import { chains, commentPrefix } from "../rules";
import { option } from "../save";
import type { Seen } from "../seen";
import { allEntries } from "../zones";
import { fromChains, type Kept, type TaggedRule } from "./chains";
import type { Told } from "./told";
import { fromZones } from "./zones";

/** A ledger that is made anew: of its readable lines, and of the rules that none of these has. */
export interface Rebuilt {
    ledger: Ledger;
    /** Tags of those that rules alone have told. */
    told: string[];
    /** What cannot be told, and why. */
    lost: string[];
}

const ownChains = new Set<string>(Object.values(chains));
const tagIn = (words: readonly string[]): string | undefined => {
    const comment = option(words, "--comment");
    return comment?.startsWith(commentPrefix) ? comment.slice(commentPrefix.length) : undefined;
};

export function rebuiltFrom(seen: Seen, kept: Kept, host: string): Rebuilt {
    const { firewalld } = seen;
    const saved = seen.tools.flatMap((tool) =>
        [...tool.saved].flatMap(([table, { rules }]) => rules.map((rule): TaggedRule => ({ ...rule, table }))),
    );
    const inChains = byTag(saved, ({ words }) => tagIn(words));
    const inZones = byTag(firewalld?.direct ?? [], ([, , args]) => tagIn(args));
    const ledger = new Map(seen.ledger);
    const lost: string[] = [];
    const told: string[] = [];
    const inTable = new Set(commentsIn(seen.native).map((comment) => comment.slice(commentPrefix.length)));
    const tags = new Set([...inChains.keys(), ...inZones.keys(), ...inTable]);
    for (const tag of [...tags].filter((each) => !seen.ledger.has(each))) {
        const direct = inZones.get(tag);
        const rules = inChains.get(tag) ?? [];
        const read = inTable.has(tag)
            ? { why: `its rules in the table ${ownTable} of nftables are not read back` }
            : firewalld && direct
              ? fromZones(tag, direct, { seen, firewalld, host })
              : ofOurs(tag, rules, kept);
        if ("why" in read) lost.push(`${tag} (${read.why})`);
        else {
            ledger.set(tag, asWritten(read.told));
            told.push(tag);
        }
    }
    return { ledger, told, lost: [...lost, ...nobodys(ledger, kept)] };
}

function ofOurs(tag: string, rules: readonly TaggedRule[], kept: Kept): Told<Entry> {
    const astray = rules.find(({ chain }) => !ownChains.has(chain));
    return astray ? { why: `it has a rule in a chain that is not ours: ${astray.line}` } : fromChains(tag, rules, kept);
}

/** Rich rules that we have put in, and that no forward explains: they would go with the next change. */
function nobodys(ledger: Ledger, kept: Kept): string[] {
    const text = kept.get("firewalld.json");
    if (text === undefined) return [];
    const explained = new Set(allEntries(ledger).rich.map(([zone, rule]) => `zone ${zone}: ${rule}`));
    return [...text.matchAll(/\["([A-Za-z0-9_-]+)","(rule (?:[^"\\]|\\.)*)",(?:true|false)\]/g)]
        .map(([, zone = "", rule = ""]) => `zone ${zone}: ${rule.replaceAll('\\"', '"')}`)
        .filter((each) => !explained.has(each))
        .map((each) => `${each} (no rule says whose it is)`);
}

function byTag<T>(all: readonly T[], tagOf: (each: T) => string | undefined): Map<string, T[]> {
    const found = new Map<string, T[]>();
    for (const each of all) {
        const tag = tagOf(each);
        if (tag !== undefined) found.set(tag, [...(found.get(tag) ?? []), each]);
    }
    return found;
}

/** In the very form that the ledger gives back. */
const asWritten = (entry: Entry): Entry => JSON.parse(JSON.stringify(entry)) as Entry;
