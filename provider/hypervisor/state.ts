import type { Generation, HypervisorRecord } from "../isardvdi/api";
import { setKey, setNames } from "../property/changes";
import type { Values } from "../resource";
import { definition } from "./schema";
import type { Inputs } from "./wanted";

/** Properties that IsardVDI does not keep: the state holds what the program said. */
const verbatim = [
    "flavour",
    "registration",
    "adopt",
    "awaitOnline",
    "deletion",
    "triggers",
    "diagnostics",
    "site",
] as const;

/** The state of a hypervisor: what the server says, and what it does not keep as the program said it. */
export function stateOf(
    record: HypervisorRecord,
    inputs: Values,
    known: { generation: Generation; vlans: number[] | undefined },
): Values {
    const { vpn, degraded, bootProgress } = record;
    const said = inputs as unknown as Inputs;
    return {
        ...Object.fromEntries(verbatim.map((name) => [name, inputs[name]])),
        hyperId: record.hyperId,
        hostname: record.hostname,
        sshPort: record.sshPort,
        sshUser: record.sshUser,
        vpnTunnelingMode: vpn.mode,
        capabilities: record.capabilities,
        enabled: record.enabled,
        onlyForced: record.onlyForced,
        description: record.description,
        storagePools: record.storagePools,
        virtPools: record.virtPools,
        minFreeMemGb: record.minFreeMemGb,
        minFreeGpuMemGb: record.minFreeGpuMemGb,
        bufferingHyper: record.bufferingHyper,
        // the engine toggles it by itself when memory is kept for GPUs: what was asked for stands
        gpuOnly: said.minFreeGpuMemGb && wasSet(inputs, "gpuOnly") ? said.gpuOnly : record.gpuOnly,
        // v3 keeps none: what was asked for stands
        kvmModule: record.kvmModule ?? said.kvmModule,
        viewer: { ...record.viewer, staticUrl: withoutServersPort(record.viewer.staticUrl, said.viewer?.staticUrl) },
        vpnHost: record.vpnHost,
        vlans: known.vlans?.filter((vlan) => said.vlans?.includes(vlan)),
        status: record.status,
        detail: record.detail,
        statusTime: record.statusTime,
        bootProgress,
        degraded,
        vpn,
        apiGeneration: known.generation,
        __urn: inputs["__urn"],
        [setKey]: inputs[setKey] ?? setNames(definition, inputs),
    };
}

/** By the program: a state says it of itself, for it holds every property. */
function wasSet(inputs: Values, name: string): boolean {
    const names = inputs[setKey];
    return Array.isArray(names) ? names.includes(name) : inputs[name] !== undefined;
}

/** The server appends its HTTPS port to the static URL, which is no drift. */
function withoutServersPort(actual: string, asked: string | undefined): string {
    return asked !== undefined && actual.startsWith(`${asked}:`) && /^\d+$/.test(actual.slice(asked.length + 1))
        ? asked
        : actual;
}
