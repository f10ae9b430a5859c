import { connectionSchema, sameConnection } from "../connection";
import type { OutputProperty, Property } from "../resource";
import { defaultPath, pathProblem } from "./place";

/** What every resource on an isardvdi.cfg has among its properties. */
export const where: Record<string, Property> = {
    connection: {
        doc: "How the server is reached over SSH: a connection, or a name in `isardvdi:connections`. Never a replacement: another machine gets the settings first, then the old one gets its own back.",
        schema: (z) => z.union([z.string().min(1), connectionSchema(z)]),
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
};

export const conduct: Record<string, Property> = {
    apply: {
        doc: "Whether build.sh is run and the services are recreated; without it only the file is written.",
        schema: (z) => z.boolean(),
        change: "update",
        default: true,
    },
};

export const common: Record<string, OutputProperty> = {
    lines: {
        doc: "The lines that are owned, shown by preview; values that are not known to be public are masked.",
        type: "string[]",
    },
    composeFile: { doc: "The compose file that build.sh makes of the configuration.", type: "string" },
    machineId: { doc: "The server's `/etc/machine-id`.", type: "string" },
};
