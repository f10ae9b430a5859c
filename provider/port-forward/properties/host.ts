import type { z as zod } from "zod";
import { connectionSchema, sameConnection } from "../../connection";
import type { Property } from "../../resource";

const named = (z: typeof zod) => z.string().min(1);

/** Which machine the rule belongs on. */
export const host = {
    connection: {
        doc: "How the host is reached over SSH: a connection, or a name in `isardvdi:connections`. Never a replacement: another machine gets the rules first, then the old one is cleaned.",
        schema: (z) => z.union([named(z), connectionSchema(z)]),
        meaning: sameConnection,
        change: "update",
        required: true,
        secret: true,
        exact: true,
        request: "same machine: none; another: rules in there, then out of the old one",
        example: '"h1"',
    },
    site: {
        doc: "Name of the site in `isardvdi:sites` whose `server`, where it has one, sends packets for the verification as well.",
        schema: named,
        change: "state-only",
        defaultText: "the top-level configuration",
    },
} satisfies Record<string, Property>;
