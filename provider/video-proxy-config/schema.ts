import type { z as zod } from "zod";
import { type Common, common, conduct, where } from "../isardvdi-cfg/properties";
import type { Definition, InputsOf, Property } from "../resource";
import { hostnameProblem, isNetwork } from "./hostnames";
import { portsProblem } from "./ports";

const videoPorts = (z: typeof zod) =>
    z.string().superRefine((ports, context) => {
        const problem = portsProblem(ports);
        if (problem) context.addIssue({ code: "custom", message: problem });
    });

const own = {
    hypervisorHostnames: {
        doc: "Names of the hypervisor-standalone hosts, each exactly as the `DOMAIN` of its isardvdi.cfg. Each must resolve on the server: one that does not takes SPICE down for all. `isard-hypervisor` is added where that container exists. A network (`10.0.0.0/24`, `10.0.0.0/255.255.255.0`) or a range (`10.0.0.1-10.0.0.9`) opens SPICE alone, for websockify compares names letter by letter.",
        schema: (z) =>
            z.array(
                z.string().superRefine((name, context) => {
                    const problem = isNetwork(name) ? undefined : hostnameProblem(name);
                    if (problem) context.addIssue({ code: "custom", message: problem });
                }),
            ),
        change: "update",
        required: true,
        unordered: true,
        source: "`VIDEO_HYPERVISOR_HOSTNAMES`",
        example: '["h1.example.org"]',
    },
    ports: {
        doc: "The video ports: one, or a range.",
        schema: videoPorts,
        change: "update",
        default: "5900-7899",
        told: true,
        source: "`VIDEO_HYPERVISOR_PORTS`",
    },
    mode: {
        doc: "`authoritative` owns the whole list; `additive` adds these hostnames to those of other stacks and to what was written by hand, with ports that cover all.",
        schema: (z) => z.enum(["authoritative", "additive"]),
        change: "update",
        default: "authoritative",
    },
} satisfies Record<string, Property>;

/** The inputs after the check. */
export type Inputs = Common & InputsOf<typeof own>;

export const definition: Definition = {
    kind: "VideoProxyConfig",
    doc: "The hypervisors that the server's video proxy lets viewers through to.",
    example: `import * as isardvdi from "pulumi-isardvdi";

const video = new isardvdi.VideoProxyConfig("video", {
    connection: "server", // in isardvdi:connections
    hypervisorHostnames: ["h1.example.org", "h2.example.org"],
});
export const running = video.runningHostnames;`,
    inputsText:
        "`VIDEO_HYPERVISOR_HOSTNAMES` and `VIDEO_HYPERVISOR_PORTS` are owned: whole in `authoritative` mode, by share in `additive` mode. Only isard-squid and isard-websockify are recreated.",
    properties: { ...where, ...own, ...conduct },
    outputs: {
        ...common,
        effectiveHostnames: { doc: "The whole list in the file.", type: "string[]" },
        effectivePorts: { doc: "The ports in the file.", type: "string" },
        runningHostnames: {
            doc: "The list that the running video proxy really has; empty where none runs.",
            type: "string[]",
        },
    },
};
