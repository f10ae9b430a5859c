import { containerAddresses, defaultDockerNet } from "../container-addresses";
import type { HypervisorHostArgs, SharedFolder } from "./args";

/** All that the command texts of a host depend on; no credential is among it, so that a preview shows them. */
export interface HostPlan {
    path: string;
    repository: string;
    release: string;
    /** Runs desktops, and so needs KVM. */
    isHypervisor: boolean;
    /** Ports that Docker publishes on the host. */
    ports: number[];
    mtu: number;
    storagePath: string;
    shared: SharedFolder[];
    trunkInterface?: string;
    /** Services in the order of their start, with the address that each must have. */
    services: { name: string; address: string }[];
}

const defaultShared: SharedFolder[] = ["templates", "groups", "media", "storage_pools"];

/** What each flavour runs. */
const flavours = {
    hypervisor: ["hypervisor", "storage", "video", "websockify", "squid"],
    "hypervisor-standalone": ["hypervisor", "storage"],
} as const;

export function planHost(args: HypervisorHostArgs): HostPlan {
    const { flavour = "hypervisor", capabilities, storage, tunnels, vlans, settings, viewer } = args;
    const addresses = containerAddresses(args.dockerNet ?? defaultDockerNet);
    const port = (given: unknown, otherwise: number): number => {
        const known = Number(given);
        return Number.isInteger(known) ? known : otherwise;
    };
    return {
        path: args.path ?? "/opt/isard/src",
        repository: args.repository ?? "https://gitlab.com/isard/isardvdi.git",
        release: args.release,
        isHypervisor: capabilities?.hypervisor ?? true,
        ports:
            flavour === "hypervisor"
                ? [
                      port(viewer?.spicePort ?? settings?.["HTTP_PORT"], 80),
                      port(viewer?.html5Port ?? settings?.["HTTPS_PORT"], 443),
                  ]
                : [],
        mtu: tunnels?.mtu ?? 1500,
        storagePath: storage?.path ?? "/opt/isard",
        shared: storage?.shared ?? defaultShared,
        ...(vlans && { trunkInterface: vlans.trunkInterface }),
        services: flavours[flavour].map((name) => ({ name: `isard-${name}`, address: addresses[name] })),
    };
}
