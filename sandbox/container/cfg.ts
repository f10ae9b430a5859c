import type { Row } from "../row";

/** The keys of a host's isardvdi.cfg that its hypervisor container reads, as the file has them: text. */
export interface ContainerCfg {
    HYPER_ID: string;
    /** The name or address under which the site reaches this host. */
    DOMAIN: string;
    FLAVOUR: "hypervisor" | "hypervisor-standalone" | "all-in-one";
    API_DOMAIN: string;
    API_HYPERVISORS_SECRET: string;
    /** Left out, it means "true". */
    HYPER_ENABLED: string | undefined;
    CAPABILITIES_HYPER: string;
    CAPABILITIES_DISK: string;
    CAPABILITIES_STORAGE_POOLS: string | undefined;
    CAPABILITIES_VIRT_POOLS: string | undefined;
    ONLY_FORCED_HYP: string;
    BUFFERING_HYPER: string;
    GPU_ONLY: string;
    HYPER_FREEMEM: string;
    STATIC_DOMAIN: string | undefined;
    VIDEO_DOMAIN: string | undefined;
    VPN_DOMAIN: string;
    VIEWER_SPICE: string;
    VIEWER_BROWSER: string;
}

/** What a cfg means where it says nothing; the host's name and the site's own values come from outside. */
export const fallbacks: Omit<ContainerCfg, "HYPER_ID" | "DOMAIN" | "API_DOMAIN" | "API_HYPERVISORS_SECRET"> = {
    FLAVOUR: "hypervisor",
    HYPER_ENABLED: undefined,
    CAPABILITIES_HYPER: "true",
    CAPABILITIES_DISK: "true",
    CAPABILITIES_STORAGE_POOLS: undefined,
    CAPABILITIES_VIRT_POOLS: undefined,
    ONLY_FORCED_HYP: "false",
    BUFFERING_HYPER: "false",
    GPU_ONLY: "false",
    HYPER_FREEMEM: "0",
    STATIC_DOMAIN: undefined,
    VIDEO_DOMAIN: undefined,
    VPN_DOMAIN: "isard-vpn",
    VIEWER_SPICE: "80",
    VIEWER_BROWSER: "443",
};

/** The body of a registration; the older release is told nothing of the processor. */
export function registrationOf(cfg: ContainerCfg, kvmModule: string | null | undefined): Row {
    const own = cfg.FLAVOUR === "all-in-one" ? "isard-hypervisor" : cfg.DOMAIN;
    const storagePools = cfg.CAPABILITIES_STORAGE_POOLS;
    return {
        hyper_id: cfg.HYPER_ID,
        hostname: own,
        port: "2022",
        user: "root",
        description: "Added through api",
        cap_hyper: isTrue(cfg.CAPABILITIES_HYPER),
        cap_disk: isTrue(cfg.CAPABILITIES_DISK),
        enabled: false,
        only_forced: isTrue(cfg.ONLY_FORCED_HYP),
        buffering_hyper: isTrue(cfg.BUFFERING_HYPER),
        gpu_only: isTrue(cfg.GPU_ONLY),
        min_free_mem_gb: cfg.HYPER_FREEMEM,
        browser_port: cfg.VIEWER_BROWSER,
        spice_port: cfg.VIEWER_SPICE,
        isard_static_url: cfg.STATIC_DOMAIN ?? cfg.DOMAIN,
        isard_video_url: cfg.VIDEO_DOMAIN ?? cfg.DOMAIN,
        isard_hyper_vpn_host: cfg.VPN_DOMAIN,
        isard_proxy_hyper_url: cfg.FLAVOUR === "hypervisor-standalone" ? cfg.DOMAIN : "isard-hypervisor",
        ...(storagePools !== undefined && { storage_pools: storagePools }),
        ...((cfg.CAPABILITIES_VIRT_POOLS ?? storagePools) !== undefined && {
            virt_pools: cfg.CAPABILITIES_VIRT_POOLS ?? storagePools,
        }),
        ...(kvmModule !== undefined && { kvm_module: kvmModule, nested: false }),
    };
}

/** Anything else, however spelt, leaves the hypervisor disabled. */
export const enablesItself = ({ HYPER_ENABLED }: ContainerCfg): boolean =>
    HYPER_ENABLED === undefined || HYPER_ENABLED === "true";

const isTrue = (value: string): boolean => value.toLowerCase() === "true";
