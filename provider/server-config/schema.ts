import type { z as zod } from "zod";
import { type Common, common, conduct, where } from "../isardvdi-cfg/properties";
import { quoted } from "../isardvdi-cfg/quoting";
import type { Definition, InputsOf, Property } from "../resource";

const keyPattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
const servicePattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;

function settingProblem(key: string, value: string): string | undefined {
    if (!keyPattern.test(key)) return "has a name that sh cannot assign: letters, digits and underscores can be used";
    // objects have these of themselves, and what is written under them is lost on its way
    if (key in Object.prototype) return "is no key of IsardVDI's, and cannot be written";
    const result = quoted(value);
    return "refusal" in result ? result.refusal : undefined;
}

const services = (z: typeof zod) =>
    z.array(z.string().regex(servicePattern, "must be the name of a service of the compose file"));

const own = {
    settings: {
        doc: "Keys and values. A value reaches IsardVDI exactly as it is given: it is quoted so that sh and docker compose read the same, or refused.",
        schema: (z) =>
            z.record(z.string(), z.string()).superRefine((settings, context) => {
                for (const [key, value] of Object.entries(settings)) {
                    const problem = settingProblem(key, value);
                    if (problem) context.addIssue({ code: "custom", path: [key], message: problem });
                }
            }),
        change: "update",
        required: true,
        secret: true,
        exact: true,
        example: '{ SESSIONS_SESSIONS_EXPIRATION_TIME: "10m" }',
    },
    recreate: {
        doc: "The services that read the keys: they, and no others, are recreated. Names that the compose file does not have are passed over.",
        schema: services,
        change: "update",
        default: [],
        unordered: true,
        example: '["isard-sessions"]',
    },
} satisfies Record<string, Property>;

/** The inputs after the check. */
export type Inputs = Common & InputsOf<typeof own>;

export const definition: Definition = {
    kind: "ServerConfig",
    doc: "Keys of an isardvdi.cfg: written, built, and running in the services that read them.",
    example: `import * as isardvdi from "pulumi-isardvdi";

const sessions = new isardvdi.ServerConfig("sessions", {
    connection: "server", // in isardvdi:connections
    settings: { SESSIONS_SESSIONS_EXPIRATION_TIME: "10m" },
    recreate: ["isard-sessions"],
});
export const lines = sessions.lines;`,
    inputsText:
        "Only the keys in `settings` are owned; every other line of the file stays as it is, byte for byte. A key that is taken out of the program gets back the value that it had before, unless somebody else has changed it since.",
    properties: { ...where, ...own, ...conduct },
    outputs: common,
};
