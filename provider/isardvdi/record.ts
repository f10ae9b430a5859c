import { isObject } from "../is-object";
import type { BootProgress, HypervisorRecord, HypervisorStatus, TunnelingMode } from "./api";

/** The server stores columns that it does not know. */
export const ownerColumn = "pulumi_owner";

type Row = Record<string, unknown>;

const object = (value: unknown): Row => (isObject(value) ? value : {});
const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
const texts = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
const port = (value: unknown, fallback: number): number => {
    const parsed = Number(value);
    return Number.isInteger(parsed) && parsed > 0 ? parsed : fallback;
};

/** A row as the provider knows it. Key material, certificates and everything unknown stay behind here. */
export function recordOf(value: unknown): HypervisorRecord {
    const row = object(value);
    const capabilities = object(row["capabilities"]);
    const viewer = object(row["viewer"]);
    const vpn = object(row["vpn"]);
    const degraded = object(row["degraded"]);
    return {
        hyperId: text(row["id"]) ?? "",
        hostname: text(row["hostname"]) ?? "",
        sshPort: port(row["port"], 2022),
        sshUser: text(row["user"]) ?? "root",
        description: text(row["description"]) ?? "",
        capabilities: {
            disk: capabilities["disk_operations"] === true,
            hypervisor: capabilities["hypervisor"] === true,
        },
        enabled: row["enabled"] === true,
        status: (text(row["status"]) ?? "Offline") as HypervisorStatus,
        detail: text(row["detail"]) ?? "",
        // false until the engine has written one, which v4's list turns into 0
        statusTime: number(row["status_time"]) || undefined,
        onlyForced: row["only_forced"] === true,
        bufferingHyper: row["buffering_hyper"] === true,
        gpuOnly: row["gpu_only"] === true,
        minFreeMemGb: number(row["min_free_mem_gb"]) ?? 0,
        minFreeGpuMemGb: number(row["min_free_gpu_mem_gb"]) ?? 0,
        kvmModule: text(row["kvm_module"]) || undefined,
        engineKvmModule: text(object(row["info"])["kvm_module"]),
        storagePools: texts(row["enabled_storage_pools"] ?? row["storage_pools"]),
        virtPools: texts(row["enabled_virt_pools"] ?? row["virt_pools"]),
        viewer: {
            staticUrl: text(viewer["static"]) ?? "",
            videoUrl: text(viewer["proxy_video"]) ?? "",
            proxyHyperUrl: text(viewer["proxy_hyper_host"]) ?? "",
            spicePort: port(viewer["spice_ext_port"], 80),
            html5Port: port(viewer["html5_ext_port"], 443),
        },
        vpnHost: text(row["isard_hyper_vpn_host"]),
        vpn: {
            mode: text(vpn["tunneling_mode"]) as TunnelingMode | undefined,
            address: text(object(vpn["wireguard"])["Address"]),
            tunnelStatus: text(vpn["tunnel_status"]),
            infrastructureMtu: number(vpn["infrastructure_mtu"]),
            guestMtu: number(vpn["guest_mtu"]),
        },
        bootProgress: bootProgressOf(row["boot_progress"]),
        degraded: { isDegraded: degraded["is_degraded"] === true, reason: text(degraded["reason"]) || undefined },
        desktopsStarted: number(row["desktops_started"]),
        orchestratorManaged: row["orchestrator_managed"] === true,
        owner: text(row[ownerColumn]) || undefined,
    };
}

function bootProgressOf(value: unknown): BootProgress | undefined {
    const { step, total, label, error, timestamp } = object(value);
    if (typeof step !== "number") return undefined;
    return {
        step,
        total: number(total) ?? 9,
        label: text(label) ?? "",
        error: text(error) || undefined,
        timestamp: text(timestamp) ?? number(timestamp),
    };
}
