import type { z as zod } from "zod";
import type { HypervisorProperty } from "../ways";
import { port } from "./port";

const loopback = /^(localhost|127\.|0\.0\.0\.0$|169\.254\.)/;

const user = (z: typeof zod) => z.string().min(1).max(255);

/** Who the hypervisor is and where it is reached. */
export const identity = {
    hyperId: {
        doc: "Identifier of the hypervisor in IsardVDI.",
        schema: (z) =>
            z
                .string()
                .max(127)
                .regex(
                    /^[a-z0-9]+(-[a-z0-9]+)*$/,
                    'must consist of lower-case letters, digits and single hyphens, such as "hyper-01"',
                ),
        change: "replace",
        defaultText: "the resource's name",
        request: "replace: DELETE, then POST",
        example: '"hyper-01"',
    },
    hostname: {
        doc: "Name or address at which the site's API and engine reach the hypervisor over SSH.",
        schema: (z) =>
            z
                .string()
                .regex(
                    /^(?!-)[-_.a-zA-Z0-9]{2,255}$/,
                    "must be a host name or an address: 2 to 255 letters, digits, dots, hyphens or underscores, no hyphen first",
                )
                .refine(
                    (name) => !loopback.test(name),
                    "must not be a loopback or link-local address: the server has to reach it",
                ),
        change: "update",
        required: true,
        via: "register",
        request: "PUT disable, POST (registers again: the engine needs the new host key), PUT enable",
        example: '"h1.example.org"',
    },
    sshPort: {
        doc: "TCP port of the hypervisor container's SSH server, as seen from the site.",
        schema: port,
        change: "update",
        default: 2022,
        via: "register",
    },
    sshUser: {
        doc: "User the engine logs in as.",
        schema: user,
        change: "update",
        default: "root",
        via: "bounce",
    },
} satisfies Record<string, HypervisorProperty>;
