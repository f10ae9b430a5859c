import type { OutputProperty } from "../resource";

/** What a Hypervisor has beside its inputs, each as the server said it last. */
export const outputs: Record<string, OutputProperty> = {
    status: { doc: "The engine's verdict.", type: '"Online" | "Offline" | "Error" | "Deleting"', source: "`status`" },
    detail: { doc: "The engine's reason for the status, empty when Online.", type: "string", source: "`detail`" },
    statusTime: {
        doc: "When the engine wrote the status, in epoch seconds by the server's clock.",
        type: "number | undefined",
        source: "`status_time`",
    },
    bootProgress: {
        doc: "How far the host's container has come in its boot.",
        type: "{ step: number; total: number; label: string; error?: string; timestamp?: string | number } | undefined",
        source: "`boot_progress`",
    },
    degraded: {
        doc: "Whether the engine finds libvirt slow, and why.",
        type: "{ isDegraded: boolean; reason?: string }",
        source: "`degraded`",
    },
    vpn: {
        doc: "The tunnel to the site; never its keys.",
        type: "{ mode?: string; address?: string; tunnelStatus?: string; infrastructureMtu?: number; guestMtu?: number }",
        source: "`vpn`",
    },
    apiGeneration: { doc: "Generation of the site's API.", type: '"v3" | "v4"' },
};
