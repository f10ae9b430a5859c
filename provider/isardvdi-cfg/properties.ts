import type { z as zod } from "zod";
import { connectionSchema, sameConnection } from "../connection";
import type { InputsOf, OutputProperty, Property } from "../resource";
import { defaultPath, pathProblem } from "./place";

/** What every resource on an isardvdi.cfg has among its properties. */
export const where = {
    connection: {
        doc: "How the server is reached over SSH: a connection, or a name in `isardvdi:connections`. Never a replacement: another machine gets the settings first, then the old one gets its own back.",
        schema: (z: typeof zod) => z.union([z.string().min(1), connectionSchema(z)]),
        meaning: sameConnection,
        change: "update",
        required: true,
        secret: true,
        exact: true,
        example: '"server"',
    },
    configPath: {
        doc: "The isardvdi.cfg, in IsardVDI's checkout: `isardvdi.cfg`, or `isardvdi.NAME.cfg` where there are several.",
        schema: (z) =>
            z.string().superRefine((path, context) => {
                const problem = pathProblem(path);
                if (problem) context.addIssue({ code: "custom", message: problem });
            }),
        change: "replace",
        default: defaultPath,
    },
} satisfies Record<string, Property>;

export const conduct = {
    apply: {
        doc: "Whether build.sh is run and the services are recreated; without it only the file is written.",
        schema: (z) => z.boolean(),
        change: "update",
        default: true,
    },
} satisfies Record<string, Property>;

/** What every resource on an isardvdi.cfg has among its inputs. */
export type Common = InputsOf<typeof where & typeof conduct> & { __urn?: string };

export const common: Record<string, OutputProperty> = {
    lines: {
        doc: "The lines that are owned, shown by preview; values that are not known to be public are masked.",
        type: "string[]",
    },
    composeFile: { doc: "The compose file that build.sh makes of the configuration.", type: "string" },
    machineId: { doc: "The server's `/etc/machine-id`.", type: "string" },
};
