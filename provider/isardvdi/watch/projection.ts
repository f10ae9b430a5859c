/**
 * The fields of a row that make a record, and no other: key material stays on the server, and what the engine
 * writes every ten seconds (`stats`, `mountpoints`) wakes nobody.
 */
export const projection = [
    "id",
    "hostname",
    "port",
    "user",
    "description",
    "capabilities",
    "enabled",
    "status",
    "detail",
    "status_time",
    "only_forced",
    "buffering_hyper",
    "gpu_only",
    "min_free_mem_gb",
    "min_free_gpu_mem_gb",
    "kvm_module",
    "storage_pools",
    "enabled_storage_pools",
    "virt_pools",
    "enabled_virt_pools",
    "viewer",
    "isard_hyper_vpn_host",
    {
        vpn: {
            tunneling_mode: true,
            tunnel_status: true,
            infrastructure_mtu: true,
            guest_mtu: true,
            wireguard: { Address: true },
        },
    },
    "boot_progress",
    "degraded",
    "orchestrator_managed",
] as const;
