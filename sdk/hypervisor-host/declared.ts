import type { HypervisorArgs } from "../generated/hypervisor";
import type { HypervisorHostArgs } from "./args";

/** Arguments that a host's isardvdi.cfg and its record both have. */
const shared = [
    "enabled",
    "storagePools",
    "virtPools",
    "onlyForced",
    "bufferingHyper",
    "gpuOnly",
    "minFreeMemGb",
    "minFreeGpuMemGb",
] as const;

/** What a host says of itself each time that it registers, as its record is then to be. */
export function declared(
    args: HypervisorHostArgs,
    name: string,
): Pick<HypervisorArgs, "hostname"> & Partial<HypervisorArgs> {
    const { hostname, flavour, capabilities, vlans } = args;
    return {
        hyperId: args.hyperId ?? name,
        hostname,
        ...(flavour && { flavour }),
        ...(capabilities && { capabilities }),
        ...(vlans?.staticVlans && { vlans: vlans.staticVlans }),
        ...Object.fromEntries(shared.flatMap((key) => (args[key] === undefined ? [] : [[key, args[key]]]))),
    };
}

/** The same arguments the other way round: what a hypervisor's own say for its host. */
export function mirrored(hypervisor: Partial<HypervisorArgs>): Partial<HypervisorHostArgs> {
    return Object.fromEntries(shared.flatMap((key) => (hypervisor[key] === undefined ? [] : [[key, hypervisor[key]]])));
}
