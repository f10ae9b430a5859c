import type { Fields } from "../isardvdi/fields";
import { hypervisorFields } from "../isardvdi/hypervisor-fields";
import type { Definition, InputsOf, Property } from "../resource";
import { outputs } from "./outputs";
import { conduct } from "./properties/conduct";
import { identity } from "./properties/identity";
import { network } from "./properties/network";
import { workload } from "./properties/workload";
import { type HypervisorProperty, requests } from "./ways";

/** What a program may say of a hypervisor. */
export const properties: typeof identity & typeof workload & typeof network & typeof conduct = {
    ...identity,
    ...workload,
    ...network,
    ...conduct,
};

/** Inputs after the check: each property as the table says, or absent. */
export type Inputs = InputsOf<typeof properties> & { hyperId: string; __urn?: string };

/** The column of a property's own name, and the request of its way, unless its row says more. */
function described([name, row]: [string, HypervisorProperty]): [string, Property] {
    const { [name]: field } = fields;
    const column = columnOf(name);
    const told = field !== undefined && field.codec.read(undefined) !== undefined;
    return [
        name,
        {
            ...(column !== undefined && { source: `\`${column}\`` }),
            ...(told && { told }),
            ...(row.via && { request: requests[row.via] }),
            ...row,
        },
    ];
}

const fields: Fields = hypervisorFields;
/** Where IsardVDI keeps a property or an output, where it does. */
export const columnOf = (name: string): string | undefined => fields[name]?.columns[0];

export const definition: Definition = {
    kind: "Hypervisor",
    doc: "A hypervisor of an IsardVDI site, verified Online by the site's own engine.",
    example: `import * as isardvdi from "pulumi-isardvdi";

const h1 = new isardvdi.Hypervisor("h1", {
    hostname: "h1.example.org",
    kvmModule: "intel",
});
export const status = h1.status; // "Online"`,
    inputsText:
        "Only what the program sets is compared with the server and repaired; every other property is an output. A property that is taken out of the program goes back to its default, where that is a constant.",
    properties: Object.fromEntries(Object.entries<HypervisorProperty>(properties).map(described)),
    outputs,
    // two records for one host would have two workers fight over its libvirt
    deleteBeforeReplace: true,
};
