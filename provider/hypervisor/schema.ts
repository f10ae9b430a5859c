import { connectionSchema } from "../connection";
import type { Definition, Property, Zod } from "../resource";
import { outputs } from "./outputs";

const flag = (z: Zod) => z.boolean();
const gigabytes = (z: Zod) => z.int().min(0);
const poolIds = (z: Zod) => z.array(z.string().min(1));
const port = (z: Zod) => z.int().min(1).max(65535);
const seconds = (z: Zod) => z.number().min(0);
const loopback = /^(localhost|127\.|0\.0\.0\.0$|169\.254\.)/;

const identity: Record<string, Property> = {
    hyperId: {
        doc: "Identifier of the hypervisor in IsardVDI.",
        schema: (z) =>
            z
                .string()
                .max(127)
                .regex(
                    /^[a-z0-9]+(-[a-z0-9]+)*$/,
                    'must consist of lower-case letters, digits and single hyphens, such as "hyper-01"',
                ),
        change: "replace",
        defaultText: "the resource's name",
        source: "`id`",
        request: "replace: DELETE, then POST",
        example: '"hyper-01"',
    },
    hostname: {
        doc: "Name or address at which the site's API and engine reach the hypervisor over SSH.",
        schema: (z) =>
            z
                .string()
                .regex(
                    /^[-_.a-zA-Z0-9]{2,255}$/,
                    "must be a host name or an address: 2 to 255 letters, digits, dots, hyphens or underscores",
                )
                .refine(
                    (name) => !loopback.test(name),
                    "must not be a loopback or link-local address: the server has to reach it",
                ),
        change: "update",
        required: true,
        source: "`hostname`",
        request: "POST (registers again: the engine needs the new host key), PUT enable",
        example: '"h1.example.org"',
    },
    sshPort: {
        doc: "TCP port of the hypervisor container's SSH server, as seen from the site.",
        schema: port,
        change: "update",
        default: 2022,
        source: "`port`",
        request: "POST (registers again), PUT enable",
    },
    sshUser: {
        doc: "User the engine logs in as.",
        schema: (z) => z.string().min(1),
        change: "update",
        default: "root",
        source: "`user`",
        request: "PUT disable, table update, PUT enable",
    },
};

const workload: Record<string, Property> = {
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
        default: { disk: true, hypervisor: true },
        source: "`capabilities`",
        request: "PUT disable, table update, PUT enable",
    },
    enabled: {
        doc: "Whether the engine may use the hypervisor; a disabled one is never Online.",
        schema: flag,
        change: "update",
        default: true,
        source: "`enabled`",
        request: "PUT enable (v3 disables through the table update)",
    },
    onlyForced: {
        doc: "Cordons the hypervisor: only desktops that are forced onto it start there.",
        schema: flag,
        change: "update",
        default: false,
        source: "`only_forced`",
        request: "table update",
    },
    description: {
        doc: "Free text shown to administrators.",
        schema: (z) => z.string().max(255),
        change: "update",
        defaultText: "the server's",
        source: "`description`",
        request: "table update",
    },
    storagePools: {
        doc: "Identifiers of the storage pools the hypervisor serves.",
        schema: poolIds,
        change: "update",
        unordered: true,
        defaultText: "the site's default pool",
        source: "`enabled_storage_pools`",
        request: "table update",
    },
    virtPools: {
        doc: "Identifiers of the pools whose desktops the hypervisor runs.",
        schema: poolIds,
        change: "update",
        unordered: true,
        defaultText: "the storage pools",
        source: "`enabled_virt_pools`",
        request: "table update, PUT virt_pools for each pool",
    },
    minFreeMemGb: {
        doc: "Memory that is kept free.",
        schema: gigabytes,
        change: "update",
        default: 0,
        unit: "GB",
        source: "`min_free_mem_gb`",
        request: "table update",
    },
    minFreeGpuMemGb: {
        doc: "Memory that is kept free for desktops with a GPU.",
        schema: gigabytes,
        change: "update",
        default: 0,
        unit: "GB",
        source: "`min_free_gpu_mem_gb`",
        request: "table update",
    },
    bufferingHyper: {
        doc: "Marks a hypervisor that the orchestrator keeps in reserve.",
        schema: flag,
        change: "update",
        default: false,
        source: "`buffering_hyper`",
        request: "table update",
    },
    gpuOnly: {
        doc: "Keeps the hypervisor for desktops with a GPU; together with `minFreeGpuMemGb` the engine toggles it, and drift is then left alone.",
        schema: flag,
        change: "update",
        default: false,
        source: "`gpu_only`",
        request: "table update",
    },
    kvmModule: {
        doc: "The host's virtualisation: needed by releases 17 and later (API v4) to register a host that runs desktops, and cached by the engine from the first registration on.",
        schema: (z) => z.enum(["intel", "amd"]),
        change: "replace",
        defaultText: "none: an error on v4 when a host that runs desktops has to be registered",
        source: "`kvm_module`",
        request: "replace: DELETE, then POST",
    },
};

const network: Record<string, Property> = {
    viewer: {
        doc: "Where clients find the hypervisor's desktops; parts that are not set follow `flavour`.",
        schema: (z) =>
            z.strictObject({
                staticUrl: z.string().min(1).optional().describe("Host of the static files; the hostname by default."),
                videoUrl: z.string().min(1).optional().describe("Host of the video proxy; the hostname by default."),
                proxyHyperUrl: z
                    .string()
                    .min(1)
                    .optional()
                    .describe("Host the video proxy dials: `isard-hypervisor`, or the hostname when standalone."),
                spicePort: port(z).optional().describe("SPICE port, 80 by default."),
                html5Port: port(z).optional().describe("Port of the browser viewer, 443 by default."),
            }),
        change: "update",
        defaultText: "by `flavour`",
        source: "`viewer`",
        request: "table update",
    },
    vpnHost: {
        doc: "Name at which the hypervisor reaches the site's VPN.",
        schema: (z) => z.string().min(1),
        change: "update",
        defaultText: "the server's domain",
        source: "`isard_hyper_vpn_host`",
        request: "table update",
    },
    vlans: {
        doc: "VLANs of the host's trunk, made known to the site; never removed from it, for others may use them. API v4 only.",
        schema: (z) => z.array(z.int().min(1).max(4094)),
        change: "update",
        unordered: true,
        defaultText: "none",
        source: "rows `v<N>` of `interfaces`",
        request: "POST vlans",
    },
};

const conduct: Record<string, Property> = {
    registration: {
        doc: "Who makes the record: the provider (`api`), or the hypervisor's own container at boot (`self`).",
        schema: (z) => z.enum(["api", "self"]),
        change: "state-only",
        default: "api",
    },
    adopt: {
        doc: "Takes over a record with this `hyperId` that has another hostname.",
        schema: flag,
        change: "state-only",
        default: false,
    },
    awaitOnline: {
        doc: "Whether `up` ends only when the engine says Online, and how long it waits for that.",
        schema: (z) =>
            z.union([
                z.boolean(),
                z.strictObject({
                    timeoutSeconds: seconds(z).optional().describe("Seconds to wait, 900 by default."),
                    source: z
                        .enum(["auto", "changefeed", "api"])
                        .optional()
                        .describe("Where the status is watched; this release polls the API in each case."),
                }),
            ]),
        change: "state-only",
        default: true,
    },
    deletion: {
        doc: "How the hypervisor is taken away: `drain` waits until its desktops have stopped, `force` stops them.",
        schema: (z) =>
            z.strictObject({
                policy: z.enum(["drain", "force"]).optional().describe("`drain` by default."),
                timeoutSeconds: seconds(z).optional().describe("Seconds to wait for desktops, 600 by default."),
            }),
        change: "state-only",
        defaultText: '`{ policy: "drain", timeoutSeconds: 600 }`',
    },
    triggers: {
        doc: "Any values: a change registers the hypervisor again, for instance after its SSH host key has changed.",
        schema: (z) => z.array(z.any()),
        change: "update",
        defaultText: "none",
        request: "POST (registers again), PUT enable",
    },
    diagnostics: {
        doc: "How the host itself is reached when something has to be explained.",
        schema: (z) =>
            z.strictObject({
                host: z
                    .union([z.string().min(1), connectionSchema(z)])
                    .optional()
                    .describe("A connection, or a name in `isardvdi:connections`."),
            }),
        change: "state-only",
        secret: true,
        defaultText: "none",
    },
    site: {
        doc: "Name of the site in `isardvdi:sites`.",
        schema: (z) => z.string().min(1),
        change: "state-only",
        defaultText: "the top-level configuration",
    },
};

export const definition: Definition = {
    kind: "Hypervisor",
    doc: "A hypervisor of an IsardVDI site, verified Online by the site's own engine.",
    example: `import * as isardvdi from "pulumi-isardvdi";

const h1 = new isardvdi.Hypervisor("h1", {
    hostname: "h1.example.org",
    kvmModule: "intel",
});
export const status = h1.status; // "Online"`,
    properties: { ...identity, ...workload, ...network, ...conduct },
    outputs,
    // two records for one host would have two workers fight over its libvirt
    deleteBeforeReplace: true,
};
