import type { BackendName, Forward, Owner } from "./firewall";
import { natRules } from "./own-table";
import { directRules, directText, iptablesRules, richRules } from "./rules";

/** The lines that a preview shows: of the inputs alone. */
export function desiredRules(forward: Forward, backend: BackendName, owner: Owner): string[] {
    if (backend === "iptables") {
        return iptablesRules(forward, owner.tag).map(({ table, line }) => `-t ${table} ${line}`);
    }
    if (backend === "nftables") return natRules(forward, owner.tag).map(({ text }) => text);
    const zone = forward.zone ?? (forward.inInterface ? `zone of ${forward.inInterface}` : "zones of the host's links");
    return [
        ...richRules(forward, ["each address of the host"]).map((rule) => `zone (${zone}): ${rule}`),
        ...directRules(forward, owner.tag).map(directText),
    ];
}
