import type { HypervisorRecord, Registration, TunnelingMode, Viewer } from "../isardvdi/api";
import { removedParts, setKey } from "../property/changes";
import type { Values } from "../resource";
import { definition } from "./schema";

/** A Hypervisor's inputs after the check: each property as the table says, or absent. */
export interface Inputs {
    __urn?: string;
    hyperId: string;
    hostname: string;
    sshPort?: number;
    sshUser?: string;
    flavour?: "hypervisor" | "hypervisor-standalone";
    vpnTunnelingMode?: TunnelingMode;
    capabilities?: { disk?: boolean; hypervisor?: boolean };
    enabled?: boolean;
    onlyForced?: boolean;
    description?: string;
    storagePools?: string[];
    virtPools?: string[];
    minFreeMemGb?: number;
    minFreeGpuMemGb?: number;
    bufferingHyper?: boolean;
    gpuOnly?: boolean;
    kvmModule?: "intel" | "amd";
    viewer?: Partial<Viewer>;
    vpnHost?: string;
    vlans?: number[];
    registration?: "api" | "self";
    adopt?: boolean;
    awaitOnline?: boolean | { timeoutSeconds?: number; source?: "auto" | "changefeed" | "api" };
    deletion?: { policy?: "drain" | "force"; timeoutSeconds?: number };
    triggers?: unknown[];
    diagnostics?: { host?: unknown };
    site?: string;
}

/** The inputs, and the defaults of what was set before and has been taken out of the program, parts of an object too. */
export function wanted(inputs: Inputs, state: Values | undefined): Inputs {
    const result: Values = { ...inputs };
    for (const name of (state?.[setKey] as string[] | undefined) ?? []) {
        const property = definition.properties[name];
        if (result[name] === undefined && property?.change === "update" && property.default !== undefined)
            result[name] = property.default;
    }
    for (const [name, property] of Object.entries(definition.properties).filter(([, { parted }]) => parted)) {
        const { [name]: said } = inputs as unknown as Record<string, Values | undefined>;
        const removed = removedParts(name, (state?.[setKey] as string[] | undefined) ?? [], { [name]: said });
        if (removed.length === 0) continue;
        const defaults = new Map(Object.entries(property.default ?? viewerOf({ ...inputs, viewer: {} })));
        result[name] = { ...Object.fromEntries(removed.map((part) => [part, defaults.get(part)])), ...said };
    }
    return result as unknown as Inputs;
}

/** Explicit parts win; the rest follows the flavour. */
export function viewerOf({ flavour, hostname, viewer }: Inputs): Viewer {
    const proxyHyperUrl = flavour === "hypervisor-standalone" ? hostname : "isard-hypervisor";
    return { staticUrl: hostname, videoUrl: hostname, proxyHyperUrl, spicePort: 80, html5Port: 443, ...viewer };
}

/**
 * What a registration sends: the user's values, then what the record has, then the defaults, because a
 * registration resets every field that it leaves out.
 */
export function registrationOf(inputs: Inputs, record?: HypervisorRecord): Registration {
    const kept = record
        ? {
              description: record.description,
              onlyForced: record.onlyForced,
              bufferingHyper: record.bufferingHyper,
              gpuOnly: record.gpuOnly,
              minFreeMemGb: record.minFreeMemGb,
              minFreeGpuMemGb: record.minFreeGpuMemGb,
              kvmModule: record.kvmModule,
              storagePools: record.storagePools,
              virtPools: record.virtPools,
              vpnHost: record.vpnHost,
          }
        : {};
    const set = Object.fromEntries(
        Object.entries(inputs).filter(([name, value]) => value !== undefined && registered.has(name)),
    );
    return {
        sshPort: 2022,
        sshUser: record?.sshUser ?? "root",
        onlyForced: false,
        vpnTunnelingMode: "wireguard+geneve",
        ...kept,
        ...(set as Partial<Registration>),
        hyperId: inputs.hyperId,
        hostname: inputs.hostname,
        capabilities: { disk: true, hypervisor: true, ...record?.capabilities, ...inputs.capabilities },
        viewer: viewerOf(inputs),
    };
}

const registered = new Set([
    "sshPort",
    "sshUser",
    "description",
    "onlyForced",
    "bufferingHyper",
    "gpuOnly",
    "minFreeMemGb",
    "minFreeGpuMemGb",
    "kvmModule",
    "storagePools",
    "virtPools",
    "vpnHost",
    "vpnTunnelingMode",
]);
