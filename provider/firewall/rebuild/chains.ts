import type { Entry } from "../ledger";
import { type Forward } from "../firewall";
import { chains, iptablesRules } from "../rules";
import { option, plain, type SavedRule } from "../save";
import { lostOwner, type Told } from "./told";

/** A tagged rule, and the table that it is in. */
export interface TaggedRule extends SavedRule {
    table: string;
}

/** The files of the ledger's folder, by name. */
export type Kept = ReadonlyMap<string, string>;

/** The forward that has just these rules in our chains. */
export function fromChains(tag: string, rules: readonly TaggedRule[], kept: Kept): Told<Entry> {
    const dnat = rules.filter(({ chain, words }) => chain === chains.dnat && option(words, "-j") === "DNAT");
    const [first] = dnat;
    const forward = first && forwardIn(first.words);
    if (!forward) return { why: "no rule of it forwards anything" };
    const persist = isPersistent(tag, kept);
    if (persist === undefined) return { why: "no file there says whether it is to come back after a reboot" };
    const sources = dnat.flatMap(({ words }) => option(words, "-s") ?? []);
    const spares = rules.flatMap(({ words }) =>
        option(words, "-j") === "RETURN" ? [(option(words, "-d") ?? "").replace(/\/32$/, "")] : [],
    );
    const whole: Forward = {
        ...forward,
        sourceCidrs: sources.length > 0 ? sources : undefined,
        inInterface: option(first.words, "-i"),
        local: rules.some(({ chain }) => chain === chains.local),
        persist,
    };
    const made = iptablesRules(whole, tag, spares).map(({ table, line }) => `-t ${table} ${plain(line)}`);
    const there = rules.map(({ table, line }) => `-t ${table} ${plain(line)}`);
    const odd = [...made.filter((each) => !there.includes(each)), ...there.filter((each) => !made.includes(each))][0];
    if (odd !== undefined || made.length !== there.length)
        return { why: `its rules are not those of one forward: ${odd ?? "some are there twice"}` };
    const entry: Entry = { owner: lostOwner(tag), forward: whole, backend: "iptables" };
    return { told: spares.length > 0 ? { ...entry, spares: spares.sort() } : entry };
}

/** What a rule that forwards says of its own; the rest is told by the rules together. */
function forwardIn(
    words: readonly string[],
): Pick<Forward, "protocol" | "from" | "to" | "toAddress" | "toPort"> | undefined {
    const protocol = option(words, "-p");
    const [from, to = from] = (option(words, "--dport") ?? "").split(":").map(Number);
    const [toAddress, toPort] = (option(words, "--to-destination") ?? "").split(":");
    if ((protocol !== "tcp" && protocol !== "udp") || !from || !to || !toAddress) return undefined;
    return { protocol, from, to, toAddress, toPort: toPort === undefined ? undefined : Number(toPort) };
}

/** By the files that the rules come from; an empty one was cut off, for none is written empty. */
function isPersistent(tag: string, kept: Kept): boolean | undefined {
    const [now, boot] = ["now.nat", "boot.nat"].map((name) => kept.get(name));
    const has = (text: string | undefined): boolean => text?.includes(`:${tag}"`) ?? false;
    if (has(boot)) return true;
    return has(now) && boot !== "" ? false : undefined;
}
