import type { Forward, HostFirewall, Installed } from "../firewall/firewall";
import { amissKey, setKey, setNames } from "../property/changes";
import { identical } from "../property/equality";
import type { Values } from "../resource";
import { forwardOf } from "./inputs";
import { definition, type Inputs } from "./schema";
import { portText } from "./ports";

/** Properties that no host keeps: the state holds what the program said. */
const verbatim = ["connection", "site", "backend", "adopt", "verify", "verifyTimeoutSeconds", "rollbackSeconds"];

/** How a property of the program is told from the forward as the host has it. */
const readBack: Record<string, { part: (forward: Forward) => unknown; shown?: (forward: Forward) => unknown }> = {
    protocol: { part: ({ protocol }) => protocol },
    port: { part: ({ from, to }) => [from, to], shown: portText },
    toAddress: { part: ({ toAddress }) => toAddress },
    toPort: { part: (forward) => forward.toPort ?? [forward.from, forward.to], shown: ({ toPort }) => toPort },
    sourceCidrs: { part: ({ sourceCidrs }) => [...(sourceCidrs ?? [])].sort() },
    inInterface: { part: ({ inInterface }) => inInterface },
    local: { part: ({ local }) => local ?? false },
    zone: { part: ({ zone }) => zone },
    persist: { part: ({ persist }) => persist },
};

/**
 * The state of a forward: what the host says. Where that is what the program asked for, in the program's words.
 * A difference that the program's own properties cannot show is noted as amiss.
 */
export function stateOf(
    { machineId }: HostFirewall,
    installed: Installed,
    said: Inputs & Values,
    known: { verified: unknown; amiss: readonly string[] },
): Values {
    const wanted = forwardOf(said);
    const { forward, rules, missing, backend } = installed;
    const differing = Object.entries(readBack).filter(
        // a zone that nobody asked for is the host's own choice
        ([name, { part }]) => !identical(part(forward), part(wanted)) && !(name === "zone" && !wanted.zone),
    );
    const different = new Set(differing.map(([name]) => name));
    const amiss = [...known.amiss, ...differing.map(([name]) => `${name} is another`), ...missing];
    return {
        ...Object.fromEntries(verbatim.map((name) => [name, said[name]])),
        ...Object.fromEntries(
            Object.entries(readBack).map(([name, { part, shown = part }]) => [
                name,
                different.has(name) ? shown(forward) : (said[name] ?? definition.properties[name]?.default),
            ]),
        ),
        backendUsed: backend,
        rules: rules.filter((rule) => !missing.includes(rule)),
        verified: amiss.length === 0 ? known.verified : undefined,
        machineId,
        [amissKey]: amiss.length > 0 ? amiss : undefined,
        __urn: said["__urn"],
        [setKey]: said[setKey] ?? setNames(definition, said),
    };
}
