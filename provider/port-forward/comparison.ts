import { anothers as advice, samePackets } from "../firewall/conflicts";
import type { Verdict } from "../firewall/foreign/judge";
import type { HostFirewall, Installed } from "../firewall/firewall";
import { describe, forwardOf, tagOf } from "./inputs";
import type { Inputs } from "./schema";
import type { Parts } from "./parts";

export interface Line {
    level: "info" | "warn";
    text: string;
}

/** What the host has now, against what the program wants: the lines that preview shows beside the rules. */
export function comparison(
    { rulesOf }: Pick<Parts, "rulesOf">,
    inputs: Inputs,
    /** What the state knows of it: a resource keeps its tag when it gets another name. */
    former: { name: unknown; tag: string | undefined },
    host: HostFirewall,
): Line[] {
    const forward = forwardOf(inputs);
    const name = inputs.__urn ?? "";
    const there = [...host.forwards.values()];
    const mine = there.filter(({ owner }) => [name, former.name].includes(owner.name) || owner.tag === former.tag);
    const own = mine.find(({ owner }) => owner.tag === former.tag) ?? mine[0];
    const owner = { tag: own?.owner.tag ?? tagOf(name), name };
    const others = there.filter((each) => !mine.includes(each) && samePackets(each.forward, forward));
    const obstacle = host.obstacle(forward);
    return [
        {
            level: "info",
            text: `${present(own, rulesOf(owner, forward, host.backend))} ${host.backend} is used: ${host.why}.`,
        },
        ...(obstacle ? [{ level: "warn" as const, text: obstacle.message }] : []),
        ...others.map(anothers),
        ...host.judged(forward).map(({ line, verdict }) => strangers(line, verdict, inputs.adopt === true)),
    ];
}

/** In full, and in the host's own form: the CLI cuts long inputs off. */
function present(own: Installed | undefined, rules: string[]): string {
    if (!own) return `The host has nothing of this forward yet; up puts in: ${rules.join("; ")}.`;
    if (own.missing.length > 0) return `The host lacks, and up puts back: ${own.missing.join("; ")}.`;
    return `The host has ${describe(own.forward)}; up makes it: ${rules.join("; ")}.`;
}

const anothers = ({ owner, forward }: Installed): Line => ({
    level: "warn",
    text: `conflict: ${owner.name} has ${describe(forward)} on this host. up will refuse this forward. ${advice(owner.name)}`,
});

function strangers(line: string, verdict: Verdict, adopt: boolean): Line {
    if (verdict.kind === "equal" && adopt)
        return { level: "info", text: `up takes over this rule, which somebody else made: ${line}` };
    if (verdict.kind === "beside") {
        const kept = verdict.addresses.join(", ");
        return { level: "info", text: `up leaves ${kept} to this rule, which somebody else made: ${line}` };
    }
    const why = verdict.kind === "conflict" ? ` (${verdict.why})` : "";
    const adoption = verdict.kind === "equal" ? ", or set adopt: true to take it over" : "";
    return {
        level: "warn",
        text: `conflict: the host has the rule ${line}, which somebody else made${why}. Take it out${adoption}.`,
    };
}
