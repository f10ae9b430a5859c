import { isDeepStrictEqual } from "node:util";
import { definition } from "../../provider/hypervisor/schema";
import { viewerOf } from "../../provider/hypervisor/wanted";
import type { HypervisorRecord } from "../../provider/isardvdi/api";

export type Args = Record<string, unknown>;

/** What IsardVDI itself gives a record that says nothing: naming it would only be noise. */
const silent: Readonly<Record<string, readonly unknown[]>> = {
    description: ["", "Added via api", "Added through api"],
    storagePools: [[], ["00000000-0000-0000-0000-000000000000"]],
    virtPools: [[], ["00000000-0000-0000-0000-000000000000"]],
    vpnHost: ["isard-vpn"],
};

const compared = [
    ...["sshPort", "sshUser", "capabilities", "enabled", "onlyForced", "description", "storagePools", "virtPools"],
    ...["minFreeMemGb", "minFreeGpuMemGb", "bufferingHyper", "gpuOnly", "vpnHost"],
] as const;

/** A Hypervisor's arguments: what tells it, and what is not as it would be without a word. */
export function hypervisorArgs(record: HypervisorRecord, site: string | undefined): Args {
    const { hostname, viewer, vpn, kvmModule, bootProgress } = record;
    // a standalone host's viewers come through the site's own proxy
    const flavour = viewer.proxyHyperUrl === hostname ? "hypervisor-standalone" : "hypervisor";
    const isSelf = bootProgress !== undefined;
    const isDefault = (name: string, value: unknown): boolean =>
        value === undefined ||
        [definition.properties[name]?.default, ...(silent[name] ?? [])].some((each) => isDeepStrictEqual(value, each));
    const others = compared.flatMap((name) => {
        const value = (record as unknown as Args)[name];
        return isDefault(name, value) ? [] : [[name, value] as const];
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
