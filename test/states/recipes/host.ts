import { basis } from "../../hypervisor-host/machine";
import type { Program } from "../recording";
import type { Recipe } from "../recipe";

const program = (more: object): Program => ({
    text: `import { HypervisorHost } from "pulumi-isardvdi";

const host = new HypervisorHost("h1", ${JSON.stringify({ ...basis, connection: "h1", ...more }, undefined, 4)});

export const commit = host.commit;
export const containers = host.containers;
`,
});

/** The checkout and the storage stay when a host is taken down. */
export const hosts: Recipe[] = [
    {
        name: "hypervisor-host",
        world: { kind: "host" },
        stack: "dev",
        config: {},
        program: program({}),
        changed: { program: program({ videoPorts: "5900-6000" }), shows: "VIDEO_HYPERVISOR_PORTS=5900-6000" },
        isUnfinished: false,
        leaves: true,
    },
];
