import type { Generation, HypervisorChange, Registration } from "./api";
import { registrationFields, rowOf } from "./fields";
import { hypervisorFields } from "./hypervisor-fields";

export type Body = { json: Record<string, unknown> } | { form: Record<string, string> };

/** A registration: JSON on v4, a form on v3; absent fields get the server's default. */
export function registrationBody(generation: Generation, registration: Registration): Body {
    const fields = {
        ...registrationFields(hypervisorFields, registration, generation),
        // the manual documents it; no release reads it
        ...(registration.vpnTunnelingMode && { vpn_tunneling_mode: registration.vpnTunnelingMode }),
    };
    if (generation === "v4") return { json: fields };
    return { form: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])) };
}

/** The row's own names and types, for the table update, which validates nothing. */
export const changeBody = (hyperId: string, change: HypervisorChange & { enabled?: boolean }): Body => ({
    json: rowOf(hypervisorFields, { hyperId, ...change }),
});
