import { randomBytes } from "node:crypto";
import type { Change } from "./firewall";
import type { Transaction } from "./host/apply";
import type { Foreign } from "./foreign/foreign";
import { type Ledger, formatLedger, nftRulesOf } from "./ledger";
import { tableText } from "./own-table";
import type { Plan } from "./plan";
import { iptablesRules, type Table } from "./rules";
import type { Seen } from "./seen";
import { allEntries } from "./zones";

/** The plan as files and commands. */
export function transactionOf(plan: Plan, seen: Seen, changes: readonly Change[]): Transaction {
    const { ledger, chosen, adopted } = plan;
    const firewalld = allEntries(ledger);
    const hasFirewalld = firewalld.rich.length + firewalld.direct.length > 0;
    const tool = chosen.tool?.path ?? "";
    const before = allEntries(seen.ledger);
    const entries = [firewalld, before].reduce((sum, { rich, direct }) => sum + rich.length + direct.length, 0);
    return {
        number: randomBytes(8).toString("hex"),
        fingerprint: seen.fingerprint,
        holder: `${changes
            .map(({ owner }) => owner.name.replace(/[^\x20-\x7e]/g, "?"))
            .slice(0, 3)
            .join(", ")}`,
        rollbackSeconds: Math.max(5, ...changes.map(({ rollbackSeconds }) => rollbackSeconds)),
        putSeconds: Math.ceil(60 + entries * firewalldEntrySeconds),
        files: {
            ledger: formatLedger(ledger),
            ...tables("now", ledger, () => true),
            ...tables("boot", ledger, ({ forward }) => forward.persist),
            "firewalld.json": hasFirewalld ? JSON.stringify(firewalld) : "",
            ...(tool ? { tool } : {}),
            ...(seen.ledger.size === 0 ? { before: `${seen.ipForward} ${absentTables(seen, plan)}`.trim() } : {}),
        },
        ...adoption(adopted, firewalld),
        forgetUdp: plan.udp.flatMap(({ from, to }) =>
            to - from < 16 ? Array.from({ length: to - from + 1 }, (_, index) => from + index) : [],
        ),
    };
}

/** firewalld takes its entries one by one: 25 ms each where nothing else runs, and ten times that on a busy host. */
const firewalldEntrySeconds = 0.25;

type Entry = Ledger extends ReadonlyMap<string, infer E> ? E : never;

function tables(prefix: string, ledger: Ledger, isWanted: (entry: Entry) => boolean): Record<string, string> {
    const rules = [...ledger.values()]
        .filter((entry) => entry.backend === "iptables" && isWanted(entry))
        .flatMap(({ forward, owner, spares }) => iptablesRules(forward, owner.tag, spares));
    const lines = (table: Table): string =>
        rules.flatMap((rule) => (rule.table === table ? [`${rule.line}\n`] : [])).join("");
    const native = [...ledger.values()].filter(isWanted).flatMap(nftRulesOf);
    return {
        [`${prefix}.nat`]: lines("nat"),
        [`${prefix}.filter`]: lines("filter"),
        [`${prefix}.nft`]: tableText(native),
    };
}

/** Legacy tables belong to the kernel, and stay; without a tool we bring none into being. */
function absentTables(seen: Seen, { chosen }: Plan): string {
    const isNft = chosen.tool !== undefined && chosen.tool.variant !== "legacy";
    return !isNft ? "" : ["nat", "filter"].filter((table) => !seen.nftTables.includes(table)).join(" ");
}

/** Foreign rules go out by their exact text, and would come back in their own places. */
function adoption(
    adopted: readonly Foreign[],
    entries: ReturnType<typeof allEntries>,
): Pick<Transaction, "adopt" | "giveBack" | "firewalldNext"> {
    const rules = adopted.flatMap(({ place }) => (place.kind === "iptables" ? [place.rule] : []));
    // one in our very words is ours from now on, as after a ledger that was lost
    const own = new Set(entries.rich.map(([zone, rule]) => `${zone} ${rule}`));
    const zones = adopted.flatMap(({ place }) =>
        place.kind === "firewalld" && !own.has(`${place.zone} ${String(place.entry)}`)
            ? [[place.zone, place.entry]]
            : [],
    );
    const input = (lines: string[]): string => (lines.length > 0 ? ["*nat", ...lines, "COMMIT", ""].join("\n") : "");
    const unique = [...new Map(rules.map((rule) => [`${rule.chain} ${rule.position}`, rule])).values()];
    return {
        adopt: input(unique.map(({ line }) => line.replace(/^-A /, "-D "))),
        giveBack: input(
            unique.map(({ chain, line, position }) => `-I ${chain} ${position}${line.slice(`-A ${chain}`.length)}`),
        ),
        firewalldNext: zones.length > 0 ? JSON.stringify({ ...entries, adopted: zones }) : "",
    };
}
