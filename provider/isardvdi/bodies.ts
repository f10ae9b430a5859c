import type { Generation, HypervisorChange, Registration } from "./api";

import { ownerColumn } from "./record";

export type Body = { json: Record<string, unknown> } | { form: Record<string, string> };

/** v3 reads these two by comparing with Python's own spelling; all other flags are parsed as JSON. */
const spelledTrue = new Set(["nvidia_enabled", "gpu_only"]);
/** v3's registration knows none of these. */
const unknownToV3 = new Set(["kvm_module", "min_free_gpu_mem_gb"]);

/** A registration: JSON on v4, a form on v3; absent fields get the server's default. */
export function registrationBody(generation: Generation, registration: Registration): Body {
    const { viewer, capabilities } = registration;
    const fields: Record<string, string | number | boolean | undefined> = {
        hyper_id: registration.hyperId,
        hostname: registration.hostname,
        // a string: v4 refuses the number, and a number in the row breaks the list for everyone
        port: String(registration.sshPort),
        user: registration.sshUser,
        cap_disk: capabilities.disk,
        cap_hyper: capabilities.hypervisor,
        description: registration.description,
        only_forced: registration.onlyForced,
        buffering_hyper: registration.bufferingHyper,
        gpu_only: registration.gpuOnly,
        min_free_mem_gb: registration.minFreeMemGb,
        min_free_gpu_mem_gb: registration.minFreeGpuMemGb,
        kvm_module: registration.kvmModule,
        storage_pools: registration.storagePools?.join(",") || undefined,
        virt_pools: registration.virtPools?.join(",") || undefined,
        isard_static_url: viewer.staticUrl,
        isard_video_url: viewer.videoUrl,
        isard_proxy_hyper_url: viewer.proxyHyperUrl,
        spice_port: String(viewer.spicePort),
        browser_port: String(viewer.html5Port),
        isard_hyper_vpn_host: registration.vpnHost,
        // the manual documents it; no release reads it
        vpn_tunneling_mode: registration.vpnTunnelingMode,
    };
    const sent = Object.entries(fields).filter(([, value]) => value !== undefined);
    if (generation === "v4") return { json: Object.fromEntries(sent) };
    return {
        form: Object.fromEntries(
            sent
                .filter(([name]) => !unknownToV3.has(name))
                .map(([name, value]) => [name, spelledTrue.has(name) ? (value ? "True" : "False") : String(value)]),
        ),
    };
}

/** The row's own names and types, for the table update, which validates nothing. */
export function changeBody(hyperId: string, change: HypervisorChange): Body {
    const { viewer, capabilities, storagePools, sshPort } = change;
    const row: Record<string, unknown> = {
        id: hyperId,
        hostname: change.hostname,
        port: sshPort === undefined ? undefined : String(sshPort),
        user: change.sshUser,
        description: change.description,
        capabilities: capabilities && { disk_operations: capabilities.disk, hypervisor: capabilities.hypervisor },
        only_forced: change.onlyForced,
        buffering_hyper: change.bufferingHyper,
        gpu_only: change.gpuOnly,
        min_free_mem_gb: change.minFreeMemGb,
        min_free_gpu_mem_gb: change.minFreeGpuMemGb,
        kvm_module: change.kvmModule,
        storage_pools: storagePools,
        enabled_storage_pools: storagePools,
        isard_hyper_vpn_host: change.vpnHost,
        [ownerColumn]: change.owner,
        viewer: viewer && {
            static: viewer.staticUrl,
            proxy_video: viewer.videoUrl,
            proxy_hyper_host: viewer.proxyHyperUrl,
            spice_ext_port: viewer.spicePort === undefined ? undefined : String(viewer.spicePort),
            html5_ext_port: viewer.html5Port === undefined ? undefined : String(viewer.html5Port),
        },
    };
    // undefined parts vanish in JSON
    return { json: row };
}
