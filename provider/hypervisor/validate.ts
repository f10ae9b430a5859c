import { IsardvdiError } from "../errors";
import { hasUnknown } from "../property/unknown";
import type { CheckFailure, Context, Values } from "../resource";
import type { Inputs } from "./wanted";

/** Words in the server's own Open vSwitch ports: an id within one of them never gets its port. */
const reserved = ["vlan", "geneve", "bastion", "samba", "wg"];
/** The hypervisors of the program, by site and id, as check has seen them. */
const seenIds = new Map<string, Map<string, string>>();

/** What the table cannot say of one property alone. */
export function validate(values: Values, { configuration, world }: Context): CheckFailure[] {
    const inputs = values as unknown as Inputs;
    const failures: CheckFailure[] = [];
    const noting = (property: string, look: () => void): void => {
        try {
            look();
        } catch (error) {
            if (!(error instanceof IsardvdiError)) throw error;
            failures.push({ property, reason: error.message });
        }
    };
    const { site, vlans, hyperId, diagnostics } = inputs;
    if (!hasUnknown(site)) {
        noting(site === undefined ? "" : "site", () => {
            const { apiGeneration } = configuration.site(site);
            if (!vlans || apiGeneration !== "v3") return;
            failures.push({
                property: "vlans",
                reason: "vlans needs release 17 or later: the v3 API cannot register any.",
            });
        });
    }
    const host = diagnostics?.host;
    if (typeof host === "string" && !hasUnknown(host))
        noting("diagnostics.host", () => void configuration.connection(host));
    if (!hasUnknown([hyperId, site])) failures.push(...twice(inputs));
    if (!hasUnknown(hyperId)) warnOfId(inputs, world.log);
    return failures;
}

function twice({ hyperId, site = "", __urn: urn = "" }: Inputs): CheckFailure[] {
    const other = seenIds.get(site)?.get(hyperId);
    if (!other || !urn || other === urn) return [];
    const name = other.split("::").at(-1) ?? other;
    const reason = `"${name}" of this program has hyperId "${hyperId}" already: a record belongs to one resource. Take one out, or give it another id.`;
    return [{ property: "hyperId", reason }];
}

function warnOfId({ hyperId, site = "", __urn: urn = "" }: Inputs, log: Context["world"]["log"]): void {
    const word = reserved.find((each) => each.includes(hyperId) || hyperId.includes(each));
    if (word)
        log.warn(
            `hyperId "${hyperId}" and IsardVDI's own "${word}" contain one another: the VPN may never make its port. Choose a distinctive id.`,
        );
    const others = seenIds.get(site) ?? new Map<string, string>();
    seenIds.set(site, others);
    for (const other of others.keys()) {
        if (other !== hyperId && (other.includes(hyperId) || hyperId.includes(other))) {
            log.warn(
                `hyperId "${hyperId}" and "${other}" contain one another: the VPN may never make a port for one of them. Use ids of the same length.`,
            );
        }
    }
    if (!others.get(hyperId)) others.set(hyperId, urn);
}
