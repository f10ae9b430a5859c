import { connectionOf } from "../connection";
import { IsardvdiError } from "../errors";
import { hasUnknown } from "../property/unknown";
import type { CheckFailure, Context } from "../resource";
import type { Inputs } from "./schema";
import { findOverlap, type Registry } from "./overlap";
import { portRange } from "./ports";

const registry: Registry = new Map();

/** What the table cannot say of one property alone. */
export function validate(inputs: Inputs, { configuration }: Context): CheckFailure[] {
    const { connection, backend, zone, port, toPort, local, sourceCidrs, inInterface, __urn } = inputs;
    const failures: CheckFailure[] = [];
    if (zone !== undefined && backend === "iptables")
        failures.push({ property: "zone", reason: "zone belongs to firewalld, but backend is iptables. Drop one." });
    if (local === true && (sourceCidrs ?? inInterface) !== undefined)
        failures.push({
            property: "local",
            reason: `local is for what the host itself sends, which no ${sourceCidrs ? "sourceCidrs" : "inInterface"} can tell. Make it a forward of its own.`,
        });
    if (typeof toPort === "string" && !hasUnknown([port, toPort]) && toPort !== port)
        failures.push({ property: "toPort", reason: rangeTarget(port, toPort) });
    if (hasUnknown(connection)) return failures;
    try {
        const host = connectionOf(connection, configuration);
        const rule = { ...inputs, connection: undefined };
        const overlap =
            failures.length > 0 || hasUnknown(rule) || !__urn ? undefined : findOverlap(registry, host, inputs);
        if (overlap) failures.push({ property: "port", reason: overlap });
    } catch (error) {
        if (!(error instanceof IsardvdiError)) throw error;
        failures.push({ property: "connection", reason: error.message });
    }
    return failures;
}

function rangeTarget(port: Inputs["port"], toPort: string): string {
    const { from, to } = portRange(port) ?? { from: 0, to: 0 };
    return from === to
        ? `toPort is the range "${toPort}", but port is the single ${port}. Give one port.`
        : `toPort is the range "${toPort}", but port is "${port}": no firewall promises which port leads to which. Leave toPort out: every port is then kept.`;
}
