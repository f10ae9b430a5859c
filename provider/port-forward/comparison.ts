import type { ForeignRule, Forward, HostFirewall, Installed } from "../firewall/firewall";
import { describe, forwardOf, type Inputs, tagOf } from "./inputs";
import type { Parts } from "./parts";
import { portsOverlap } from "./ports";

export interface Line {
    level: "info" | "warn";
    text: string;
}

/** What the host has now, against what the program wants: the lines that preview shows beside the rules. */
export function comparison({ rulesOf }: Pick<Parts, "rulesOf">, inputs: Inputs, host: HostFirewall): Line[] {
    const forward = forwardOf(inputs);
    const owner = { tag: tagOf(inputs.__urn ?? ""), name: inputs.__urn ?? "" };
    const own = host.forwards.get(owner.tag);
    const others = [...host.forwards.values()].filter(
        (each) => each.owner.tag !== owner.tag && clash(each.forward, forward),
    );
    const foreign = host.foreign.filter((rule) => clash(rule, forward));
    const asHere = host.backend === (inputs.backend === "firewalld" ? "firewalld" : "iptables");
    return [
        { level: "info", text: `${host.backend} is used: ${host.why}.` },
        ...(asHere
            ? []
            : [
                  {
                      level: "info" as const,
                      text: `on this host the rules are: ${rulesOf(owner, forward, host.backend).join("; ")}`,
                  },
              ]),
        present(own),
        ...others.map(anothers),
        ...foreign.map((rule) => strangers(rule, forward, inputs.adopt === true)),
    ];
}

const clash = (a: Pick<Forward, "protocol" | "from" | "to">, b: Pick<Forward, "protocol" | "from" | "to">): boolean =>
    a.protocol === b.protocol && portsOverlap(a, b);

function present(own: Installed | undefined): Line {
    if (!own) return { level: "info", text: "the host has nothing of this forward yet." };
    if (own.missing.length > 0)
        return { level: "info", text: `the host lacks, and up puts back: ${own.missing.join("; ")}` };
    return { level: "info", text: `the host has ${describe(own.forward)}: ${own.rules.join("; ")}` };
}

const anothers = ({ owner, forward }: Installed): Line => ({
    level: "warn",
    text: `conflict: ${owner.name} has ${describe(forward)} on this host. up will refuse this forward until that one is gone.`,
});

function strangers(rule: ForeignRule, forward: Forward, adopt: boolean): Line {
    const equal = rule.toAddress === forward.toAddress && rule.from === forward.from && rule.to === forward.to;
    if (equal && adopt)
        return { level: "info", text: `up takes over this rule, which somebody else made: ${rule.line}` };
    return {
        level: "warn",
        text: `conflict: the host has the rule ${rule.line}, which somebody else made. Take it out${equal ? ", or set adopt: true to take it over" : ""}.`,
    };
}
