import type { HypervisorChange, HypervisorRecord } from "../isardvdi/api";
import { identical, satisfies } from "../property/equality";
import type { Values } from "../resource";
import { type Inputs, properties } from "./schema";
import { viewerOf } from "./wanted";
import type { HypervisorProperty, Way } from "./ways";

export interface Plan {
    /** A registration bounces the engine's worker and sends everything, so nothing else is left to patch. */
    register: boolean;
    /** Changes that the worker reads only at its start: disable, change, enable. */
    bounce: HypervisorChange;
    patch: HypervisorChange;
    virtPools: string[] | undefined;
    vlans: number[] | undefined;
    /** Set where `enabled` is all that differs, or differs too. */
    enable?: boolean | undefined;
}

/** What has to be sent so that the record becomes what the program says; `state` is the last one we stored. */
export function plan(actual: Values, inputs: Inputs, record: HypervisorRecord, state: Values | undefined): Plan {
    const asked: Values = inputs;
    const differing = Object.entries<HypervisorProperty>(properties).filter(
        ([name, row]) => row.via && asked[name] !== undefined && !satisfies(actual[name], asked[name], row),
    );
    const by = (way: Way): string[] => differing.flatMap(([name, { via }]) => (via === way ? [name] : []));
    const pick = (names: string[]): HypervisorChange => Object.fromEntries(names.map((name) => [name, asked[name]]));
    const patch = pick(by("patch"));
    // the engine toggles it beside memory that is kept for GPUs: what the program says anew is written all the same
    const { gpuOnly } = inputs;
    if (gpuOnly !== undefined && gpuOnly !== record.gpuOnly && gpuOnly !== state?.["gpuOnly"]) patch.gpuOnly = gpuOnly;
    if (state && (inputs.flavour ?? "hypervisor") !== (state["flavour"] ?? "hypervisor"))
        patch.viewer = viewerOf(inputs);
    const bounce = pick(by("bounce"));
    if (bounce.capabilities) bounce.capabilities = { ...record.capabilities, ...inputs.capabilities };
    return {
        register:
            by("register").length > 0 ||
            (state !== undefined && !identical(state["triggers"] ?? [], inputs.triggers ?? [])),
        bounce,
        patch,
        virtPools: by("pools").length > 0 ? inputs.virtPools : undefined,
        vlans: by("vlans").length > 0 ? inputs.vlans : undefined,
    };
}

export const isNothing = ({ register, bounce, patch, virtPools, vlans, enable }: Plan): boolean =>
    !register && isEmpty(bounce) && isEmpty(patch) && !virtPools && !vlans && enable === undefined;

export const isEmpty = (change: HypervisorChange): boolean => Object.keys(change).length === 0;
