import type { HypervisorRecord, Registration, Viewer } from "../isardvdi/api";
import type { Field } from "../isardvdi/fields";
import { hypervisorFields } from "../isardvdi/hypervisor-fields";
import { namesSet, removedParts } from "../property/changes";
import { isObject } from "../is-object";
import type { Values } from "../resource";
import { definition, type Inputs } from "./schema";

/** The inputs, and the defaults of what was set before and has been taken out of the program, parts of an object too. */
export function wanted(inputs: Inputs, state: Values | undefined): Inputs {
    const result: Inputs & Values = { ...inputs };
    const wereSet = namesSet(state);
    for (const name of wereSet) {
        const property = definition.properties[name];
        if (result[name] === undefined && property?.change === "update" && property.default !== undefined)
            result[name] = property.default;
    }
    for (const [name, property] of Object.entries(definition.properties).filter(([, { parted }]) => parted)) {
        const said = result[name];
        const removed = removedParts(name, wereSet, { [name]: said });
        if (removed.length === 0) continue;
        const defaults = new Map(Object.entries(property.default ?? viewerOf({ ...inputs, viewer: {} })));
        result[name] = {
            ...Object.fromEntries(removed.map((part) => [part, defaults.get(part)])),
            ...(isObject(said) && said),
        };
    }
    return result;
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
    return {
        sshUser: "root",
        onlyForced: false,
        ...registered({ ...record }),
        ...registered(inputs),
        vpnTunnelingMode: inputs.vpnTunnelingMode ?? "wireguard+geneve",
        hyperId: inputs.hyperId,
        hostname: inputs.hostname,
        sshPort: inputs.sshPort ?? 2022,
        capabilities: { disk: true, hypervisor: true, ...record?.capabilities, ...inputs.capabilities },
        viewer: viewerOf(inputs),
    };
}

/** Those values that a registration has a name of its own for. */
const registered = (values: Values): Partial<Registration> =>
    Object.fromEntries(
        Object.entries<Field<unknown>>(hypervisorFields).flatMap(([name, { register }]) =>
            register === undefined || values[name] === undefined ? [] : [[name, values[name]]],
        ),
    );
