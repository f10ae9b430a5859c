import type { Definition } from "../resource";
import { outputs } from "./outputs";
import { conduct } from "./properties/conduct";
import { identity } from "./properties/identity";
import { network } from "./properties/network";
import { workload } from "./properties/workload";

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
    properties: { ...identity, ...workload, ...network, ...conduct },
    outputs,
    // two records for one host would have two workers fight over its libvirt
    deleteBeforeReplace: true,
};
