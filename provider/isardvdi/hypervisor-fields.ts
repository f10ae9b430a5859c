import {
    type Codec,
    type Field,
    field,
    filled,
    flag,
    inside,
    number,
    parts,
    port,
    readFields,
    text,
    texts,
    type ValuesOf,
    word,
} from "./fields";

export type TunnelingMode = "wireguard+geneve" | "geneve";
export type HypervisorStatus = "Online" | "Offline" | "Error" | "Deleting";

export interface BootProgress {
    step: number;
    total: number;
    label: string;
    error: string | undefined;
    timestamp: string | number | undefined;
}

/** What IsardVDI itself gives a record whose registration names no pool. */
const defaultPool = ["00000000-0000-0000-0000-000000000000"];

/** Parts of the row that say where clients find the desktops. */
const viewer = {
    staticUrl: field("static", text(""), { register: "isard_static_url" }),
    videoUrl: field("proxy_video", text(""), { register: "isard_video_url" }),
    proxyHyperUrl: field("proxy_hyper_host", text(""), { register: "isard_proxy_hyper_url" }),
    spicePort: field("spice_ext_port", port(80), { register: "spice_port" }),
    html5Port: field("html5_ext_port", port(443), { register: "browser_port" }),
};

const capabilities = {
    disk: field("disk_operations", flag, { register: "cap_disk" }),
    hypervisor: field("hypervisor", flag, { register: "cap_hyper" }),
};

const vpn = {
    mode: field("tunneling_mode", word<TunnelingMode | undefined>(undefined)),
    /** WireGuard address of the hypervisor inside the tunnel. */
    address: field("wireguard", inside("Address")),
    tunnelStatus: field("tunnel_status", text()),
    infrastructureMtu: field("infrastructure_mtu", number()),
    guestMtu: field("guest_mtu", number()),
};

const degraded = { isDegraded: field("is_degraded", flag), reason: field("reason", filled) };

const boot = {
    step: field("step", number()),
    total: field("total", number(9)),
    label: field("label", text("")),
    error: field("error", filled),
    timestamp: field("timestamp", { read: (value) => text().read(value) ?? number().read(value) }),
};
const bootProgress: Codec<BootProgress | undefined> = {
    read(value) {
        const { step, ...rest } = readFields(boot, value);
        return step === undefined ? undefined : { step, ...rest };
    },
};

/**
 * The hypervisors table, a row per field: reading it, both bodies that write it, the feed's projection and what
 * `adopt` prints follow from here. Key material, certificates and everything unknown have no row.
 */
export const hypervisorFields = {
    hyperId: field("id", text(""), { register: "hyper_id" }),
    hostname: field("hostname", text(""), { register: "hostname", patch: true }),
    sshPort: field("port", port(2022), { register: "port", patch: true }),
    sshUser: field("user", text("root"), { register: "user", patch: true }),
    description: field("description", text(""), {
        register: "description",
        patch: true,
        unsaid: ["", "Added via api", "Added through api"],
    }),
    capabilities: field("capabilities", parts(capabilities), { patch: true }),
    enabled: field("enabled", flag),
    status: field("status", word<HypervisorStatus>("Offline")),
    detail: field("detail", text("")),
    /** Epoch seconds by the server's clock; undefined until the engine has written one, which v4's list turns into 0. */
    statusTime: field("status_time", { read: (value) => number().read(value) || undefined }),
    onlyForced: field("only_forced", flag, { register: "only_forced", patch: true }),
    bufferingHyper: field("buffering_hyper", flag, { register: "buffering_hyper", patch: true }),
    gpuOnly: field("gpu_only", flag, { register: "gpu_only", v3: "spelled", patch: true }),
    minFreeMemGb: field("min_free_mem_gb", number(0), { register: "min_free_mem_gb", patch: true }),
    minFreeGpuMemGb: field("min_free_gpu_mem_gb", number(0), {
        register: "min_free_gpu_mem_gb",
        v3: "unknown",
        patch: true,
    }),
    kvmModule: field("kvm_module", filled, { register: "kvm_module", v3: "unknown", patch: true }),
    /** What the engine's scan found once, and keeps: "" where it found none. */
    engineKvmModule: field("info", inside("kvm_module"), { pluck: [] }),
    storagePools: field(["enabled_storage_pools", "storage_pools"], texts, {
        register: "storage_pools",
        patch: true,
        unsaid: [[], defaultPool],
    }),
    virtPools: field(["enabled_virt_pools", "virt_pools"], texts, {
        register: "virt_pools",
        unsaid: [[], defaultPool],
    }),
    viewer: field("viewer", parts(viewer), { patch: true }),
    vpnHost: field("isard_hyper_vpn_host", text(), {
        register: "isard_hyper_vpn_host",
        patch: true,
        unsaid: ["isard-vpn"],
    }),
    vpn: field(
        "vpn",
        parts(vpn),
        // the rest of it is keys
        {
            pluck: [
                {
                    vpn: {
                        tunneling_mode: true,
                        tunnel_status: true,
                        infrastructure_mtu: true,
                        guest_mtu: true,
                        wireguard: { Address: true },
                    },
                },
            ],
        },
    ),
    bootProgress: field("boot_progress", bootProgress),
    degraded: field("degraded", parts(degraded)),
    desktopsStarted: field("desktops_started", number(), { pluck: [] }),
    orchestratorManaged: field("orchestrator_managed", flag),
    /** Our own column, for the server stores those that it does not know: whose the record is; undefined where a list leaves it out. */
    owner: field("pulumi_owner", filled, { patch: true, pluck: [] }),
};

/** A row as the provider knows it. */
export const recordOf = (row: unknown): HypervisorRecord => readFields(hypervisorFields, row);

/** What the feed asks for and no more: what the engine writes every ten seconds (`stats`, `mountpoints`) wakes nobody. */
export const projection = Object.values<Field<unknown>>(hypervisorFields).flatMap(
    ({ columns, pluck = columns }) => pluck,
);

type Known = ValuesOf<typeof hypervisorFields>;
type Told = "engineKvmModule" | "owner";
type With<Option> = {
    [K in keyof typeof hypervisorFields]: (typeof hypervisorFields)[K] extends Option ? K : never;
}[keyof Known];

/** A row of the hypervisors table, without any key material: it never leaves the client. */
export type HypervisorRecord = Omit<Known, Told> & Partial<Pick<Known, Told>>;
export type Viewer = Known["viewer"];

/** Fields that the table update can change on a live row; `enabled` and pools have their own calls. */
export type HypervisorChange = Partial<Omit<Pick<Known, With<{ patch: true }>>, "viewer">> & {
    viewer?: Partial<Viewer>;
};

/** What a registration sends; every field left out is reset to the server's default. */
export type Registration = Pick<Known, Always> &
    Partial<Pick<Known, Exclude<With<{ register: string }>, Always>>> & {
        vpnTunnelingMode?: TunnelingMode | undefined;
    };
type Always = "hyperId" | "hostname" | "sshPort" | "sshUser" | "capabilities" | "onlyForced" | "viewer";
