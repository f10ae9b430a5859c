import type { Generation } from "../../../sandbox";
import type { Values } from "../harness/rpc";

/** The calls that change something, as each generation spells them. */
export const calls = {
    register: { v4: "POST admin/item/hypervisor", v3: "POST hypervisor" },
    enable: { v4: "PUT admin/item/hypervisor/h1", v3: "PUT hypervisor/h1" },
    disable: { v4: "PUT admin/item/hypervisor/h1", v3: "PUT admin/table/update/hypervisors" },
    patch: { v4: "PUT admin/item/table/update/hypervisors", v3: "PUT admin/table/update/hypervisors" },
    pool: { v4: "PUT admin/items/hypervisor/h1/virt_pools", v3: "PUT hypervisor/h1/virt_pools" },
    vlans: { v4: "POST admin/items/vlans", v3: "" },
} as const;

export type Call = keyof typeof calls;

/** What a change of one property means, and what it sends. */
export interface Change {
    property: string;
    kind: "replace" | "update" | "state-only";
    /** What the program says before, beside the least that it can say. */
    given?: Values;
    /** What somebody else does to the row in between. */
    drift?: Values;
    /** What the program says then; undefined takes the property out. */
    to: unknown;
    sends?: Call[];
    /** What the row then holds, which is also all that the table updates carry. */
    row?: Values;
    only?: Generation;
}

const enableAgain: Call[] = ["disable", "patch", "enable"];
const registerAgain: Call[] = ["disable", "register", "enable"];
/** The sandbox's hosts know no user but root, so nobody waits for Online here. */
const unawaited = { awaitOnline: false };
const ports = { spice_ext_port: "80", html5_ext_port: "443" };

const replace = (property: string, to: unknown): Change => ({ property, kind: "replace", to });
const replaceOn = (only: Generation, ...args: Parameters<typeof replace>): Change => ({ ...replace(...args), only });
const update = (property: string, to: unknown, sends: Call[], row: Values, more: Partial<Change> = {}): Change => ({
    property,
    kind: "update",
    to,
    sends,
    row,
    ...more,
});
const stateOnly = (property: string, to: unknown, given: Values = {}): Change => ({
    property,
    kind: "state-only",
    to,
    given,
});

export const table: readonly Change[] = [
    replace("hyperId", "h2"),
    replaceOn("v4", "kvmModule", "amd"),

    update("hostname", "h1.example.test", registerAgain, { hostname: "h1.example.test" }),
    update("sshPort", 2022, registerAgain, { port: "2022" }, { drift: { port: "2023" } }),
    update("triggers", ["new key"], registerAgain, { hostname: "h1" }),
    update("triggers", undefined, registerAgain, { hostname: "h1" }, { given: { triggers: [1] } }),

    update("sshUser", "isard", enableAgain, { user: "isard" }, { given: unawaited }),
    update("sshUser", undefined, enableAgain, { user: "root" }, { given: { sshUser: "isard", ...unawaited } }),
    update("capabilities", { disk: false }, enableAgain, {
        capabilities: { disk_operations: false, hypervisor: true },
    }),

    update("onlyForced", true, ["patch"], { only_forced: true }),
    update("onlyForced", undefined, ["patch"], { only_forced: false }, { given: { onlyForced: true } }),
    update("description", "changed", ["patch"], { description: "changed" }),
    update("storagePools", ["a", "b"], ["patch"], { storage_pools: ["a", "b"], enabled_storage_pools: ["a", "b"] }),
    update("virtPools", ["p"], ["patch", "pool", "patch"], { virt_pools: ["p"], enabled_virt_pools: ["p"] }),
    update("minFreeMemGb", 8, ["patch"], { min_free_mem_gb: 8 }),
    update("minFreeGpuMemGb", 4, ["patch"], { min_free_gpu_mem_gb: 4 }),
    update("bufferingHyper", true, ["patch"], { buffering_hyper: true }),
    update("gpuOnly", true, ["patch"], { gpu_only: true }),
    update("flavour", "hypervisor-standalone", ["patch"], {
        viewer: { static: "h1", proxy_video: "h1", proxy_hyper_host: "h1", ...ports },
    }),
    update("viewer", { spicePort: 8080 }, ["patch"], { viewer: { spice_ext_port: "8080" } }),
    update("vpnHost", "vpn.example.test", ["patch"], { isard_hyper_vpn_host: "vpn.example.test" }),

    update("enabled", false, ["disable"], { enabled: false }),
    update("enabled", true, ["enable"], { enabled: true }, { given: { enabled: false } }),
    update("vlans", [10, 11], ["vlans"], {}, { only: "v4" }),

    // v3 keeps none: there is nothing to make anew
    { ...stateOnly("kvmModule", "amd"), only: "v3" },
    { ...stateOnly("kvmModule", "amd", { kvmModule: undefined }), only: "v3" },
    { ...stateOnly("kvmModule", undefined), only: "v3" },
    stateOnly("registration", "self"),
    stateOnly("adopt", true),
    stateOnly("awaitOnline", { timeoutSeconds: 60 }),
    stateOnly("awaitOnline", undefined, { awaitOnline: { timeoutSeconds: 60 } }),
    stateOnly("deletion", { policy: "force" }),
    stateOnly("deletion", undefined, { deletion: { policy: "force" } }),
    stateOnly("diagnostics", { host: { host: "h1", password: "secret" } }),
    stateOnly("site", "again"),
];

/** Compared with what the site has, never sent: a test of its own tells both cases. */
export const comparedOnly = ["vpnTunnelingMode"];
