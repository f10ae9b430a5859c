import type { Generation, HypervisorRecord } from "../isardvdi/api";
import { setKey, setNames } from "../property/changes";
import type { Values } from "../resource";
import { columnOf, definition, type Inputs } from "./schema";

const names = [...Object.keys(definition.properties), ...Object.keys(definition.outputs)];
/** What IsardVDI has a column for. */
const told = names.filter((name) => columnOf(name) !== undefined);
/** What it does not keep: the state holds what the program said. */
const said = Object.keys(definition.properties).filter((name) => definition.properties[name]?.source === undefined);

/** The state of a hypervisor: what the server says, and what it does not keep as the program said it. */
export function stateOf(
    record: HypervisorRecord,
    inputs: Values,
    known: { generation: Generation; vlans: number[] | undefined },
): Values {
    const row: Values = record;
    const { gpuOnly, kvmModule, minFreeGpuMemGb, viewer, vlans }: Partial<Inputs> = inputs;
    return {
        ...Object.fromEntries(said.map((name) => [name, inputs[name]])),
        ...Object.fromEntries(told.map((name) => [name, row[name]])),
        vpnTunnelingMode: record.vpn.mode,
        // the engine toggles it by itself when memory is kept for GPUs: what was asked for stands
        gpuOnly: minFreeGpuMemGb && wasSet(inputs, "gpuOnly") ? gpuOnly : record.gpuOnly,
        // v3 keeps none: what was asked for stands
        kvmModule: record.kvmModule ?? kvmModule,
        viewer: { ...record.viewer, staticUrl: withoutServersPort(record.viewer.staticUrl, viewer?.staticUrl) },
        vlans: known.vlans?.filter((vlan) => vlans?.includes(vlan)),
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
