import { isDeepStrictEqual } from "node:util";
import { definition } from "../../provider/hypervisor/schema";
import { viewerOf } from "../../provider/hypervisor/wanted";
import type { HypervisorRecord } from "../../provider/isardvdi/api";
import type { Fields } from "../../provider/isardvdi/fields";
import { hypervisorFields } from "../../provider/isardvdi/hypervisor-fields";

export type Args = Record<string, unknown>;

const fields: Fields = hypervisorFields;

/** Told by the record as they stand there; the others have their own words below. */
const compared = Object.keys(definition.properties)
    .filter((name) => name in fields)
    .filter((name) => !["hyperId", "hostname", "kvmModule", "viewer"].includes(name));

/** A Hypervisor's arguments: what tells it, and what is not as it would be without a word. */
export function hypervisorArgs(record: HypervisorRecord, site: string | undefined): Args {
    const row: Args = record;
    const { hostname, viewer, vpn, kvmModule, bootProgress } = record;
    // a standalone host's viewers come through the site's own proxy
    const flavour = viewer.proxyHyperUrl === hostname ? "hypervisor-standalone" : "hypervisor";
    const isSelf = bootProgress !== undefined;
    const others = compared.flatMap((name) => {
        const value = row[name];
        const { unsaid = [] } = fields[name] ?? {};
        const silent = [undefined, definition.properties[name]?.default, ...unsaid];
        return silent.some((each) => isDeepStrictEqual(value, each)) ? [] : [[name, value] as const];
    });
    const isUsual = isDeepStrictEqual(viewerOf({ hyperId: record.hyperId, hostname, flavour }), {
        ...viewer,
        staticUrl: viewer.staticUrl.replace(/:\d+$/, ""),
    });
    return {
        ...(site !== undefined && { site }),
        hostname,
        ...(flavour !== "hypervisor" && { flavour }),
        ...(vpn.mode === "geneve" && { vpnTunnelingMode: vpn.mode }),
        // its container makes the record anew at each start
        ...(isSelf ? { registration: "self" } : kvmModule !== undefined && { kvmModule }),
        ...Object.fromEntries(others),
        ...(!isUsual && { viewer }),
        // what is not Online today would only hold up the adoption
        ...(record.enabled && record.status !== "Online" && record.capabilities.hypervisor && { awaitOnline: false }),
    };
}
