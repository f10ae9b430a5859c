import type { Row } from "../row";

/** What the scan of a host finds; kept in the row and not looked for again while it stands there. */
export function hardwareInfo(kvmModule: unknown): Row {
    return {
        cpu_cores: 16,
        cpu_threads: 32,
        threads_x_core: 2,
        memory_in_MB: 131_072,
        kvm_module: kvmModule,
        nested: false,
        qemu_version: "8.2.2",
        libvirt_version: "10.0.0",
        virtualization_capabilities: "vmx",
    };
}

export function load(time: number): Row {
    const used = 10 + Math.random() * 5;
    const cpu = { used, idle: 100 - used, iowait: 0 };
    return {
        cpu_current: cpu,
        cpu_1min: cpu,
        cpu_5min: cpu,
        cpu_15min: cpu,
        mem_stats: { total: 131_072 * 1024, available: 120_000 * 1024, used: 11_072 * 1024, free: 100_000 * 1024 },
        time,
        last_action: { action: "stats", timestamp: time },
        positioned_items: [],
    };
}
