import type { Progress } from "../../../provider/hypervisor/ensure";
import type { HypervisorRecord } from "../../../provider/isardvdi/api";

/** A record as a healthy, enabled hypervisor has it; tests say what differs. */
export function record(change: Partial<HypervisorRecord> = {}): HypervisorRecord {
    return {
        hyperId: "h1",
        hostname: "h1.example.org",
        sshPort: 2022,
        sshUser: "root",
        description: "Added via api",
        capabilities: { disk: true, hypervisor: true },
        enabled: true,
        status: "Online",
        detail: "",
        statusTime: 100,
        onlyForced: false,
        bufferingHyper: false,
        gpuOnly: false,
        minFreeMemGb: 0,
        minFreeGpuMemGb: 0,
        kvmModule: "intel",
        storagePools: ["default"],
        virtPools: ["default"],
        viewer: {
            staticUrl: "h1.example.org",
            videoUrl: "h1.example.org",
            proxyHyperUrl: "isard-hypervisor",
            spicePort: 80,
            html5Port: 443,
        },
        vpnHost: "isard-vpn",
        vpn: {
            mode: "wireguard+geneve",
            address: "10.1.0.2",
            tunnelStatus: "connected",
            infrastructureMtu: 1500,
            guestMtu: 1386,
        },
        bootProgress: undefined,
        degraded: { isDegraded: false, reason: undefined },
        desktopsStarted: 0,
        orchestratorManaged: false,
        ...change,
    };
}

/** Of a run that has nothing left to do but to wait. */
export const newProgress = (): Progress => ({ record: undefined, vlans: undefined, undone: "online" });
