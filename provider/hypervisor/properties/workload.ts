import type { z as zod } from "zod";
import type { HypervisorProperty } from "../ways";

type Zod = typeof zod;
const flag = (z: Zod) => z.boolean();
const gigabytes = (z: Zod) => z.int().min(0);
const poolIds = (z: Zod) => z.array(z.string().min(1).max(255));

/** What the hypervisor is used for. */
export const workload = {
    flavour: {
        doc: "Flavour of the host's installation; decides the defaults of `viewer`.",
        schema: (z) => z.enum(["hypervisor", "hypervisor-standalone"]),
        change: "update",
        default: "hypervisor",
        request: "table update of `viewer`",
    },
    vpnTunnelingMode: {
        doc: "Tunnelling mode that the site must use: it is server-wide (`GENEVE_ONLY_INFRA`), so it is compared, never switched, here.",
        schema: (z) => z.enum(["wireguard+geneve", "geneve"]),
        change: "update",
        defaultText: "`wireguard+geneve` is sent, and nothing is compared",
        source: "`vpn.tunneling_mode`",
        request: "none: an error when the site's mode is another",
    },
    capabilities: {
        doc: "What the host is used for: disk operations, running desktops, or both.",
        schema: (z) =>
            z
                .strictObject({
                    disk: z.boolean().optional().describe("Disk operations; true by default."),
                    hypervisor: z
                        .boolean()
                        .optional()
                        .describe("Running desktops; true by default, and never Online when false."),
                })
                .refine(
                    ({ disk, hypervisor }) => disk !== false || hypervisor !== false,
                    "must leave disk or hypervisor true",
                ),
        change: "update",
        parted: true,
        default: { disk: true, hypervisor: true },
        via: "bounce",
    },
    enabled: {
        doc: "Whether the engine may use the hypervisor; a disabled one is never Online.",
        schema: flag,
        change: "update",
        default: true,
        request: "PUT enable (v3 disables through the table update)",
    },
    onlyForced: {
        doc: "Cordons the hypervisor: only desktops that are forced onto it start there.",
        schema: flag,
        change: "update",
        default: false,
        via: "patch",
    },
    description: {
        doc: "Free text shown to administrators.",
        schema: (z) => z.string().max(255),
        change: "update",
        defaultText: "the server's",
        via: "patch",
    },
    storagePools: {
        doc: "Identifiers of the storage pools the hypervisor serves.",
        schema: poolIds,
        change: "update",
        unordered: true,
        defaultText: "the site's default pool",
        via: "patch",
    },
    virtPools: {
        doc: "Identifiers of the pools whose desktops the hypervisor runs.",
        schema: poolIds,
        change: "update",
        unordered: true,
        defaultText: "the storage pools",
        via: "pools",
    },
    minFreeMemGb: {
        doc: "Memory that is kept free.",
        schema: gigabytes,
        change: "update",
        default: 0,
        unit: "GB",
        via: "patch",
    },
    minFreeGpuMemGb: {
        doc: "Memory that is kept free for desktops with a GPU.",
        schema: gigabytes,
        change: "update",
        default: 0,
        unit: "GB",
        via: "patch",
    },
    bufferingHyper: {
        doc: "Marks a hypervisor that the orchestrator keeps in reserve.",
        schema: flag,
        change: "update",
        default: false,
        via: "patch",
    },
    gpuOnly: {
        doc: "Keeps the hypervisor for desktops with a GPU; together with `minFreeGpuMemGb` the engine toggles it, and drift is then left alone.",
        schema: flag,
        change: "update",
        default: false,
        via: "patch",
    },
    kvmModule: {
        doc: "The host's virtualisation: needed by releases 17 and later (API v4) to register a host that runs desktops, and cached by the engine from the first registration on.",
        schema: (z) => z.enum(["intel", "amd"]),
        change: "replace",
        unkept: ({ apiGeneration }) => apiGeneration === "v3",
        defaultText:
            "on v4, what the host says where `diagnostics.host` is given, else an error when a host that runs desktops has to be registered",
        source: "`kvm_module`; API v3 keeps none",
        request: "replace: DELETE, then POST; on v3 none",
    },
} satisfies Record<string, HypervisorProperty>;
