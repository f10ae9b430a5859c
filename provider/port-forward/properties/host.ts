import { connectionSchema, sameConnection } from "../../connection";
import type { Property } from "../../resource";

/** Which machine the rule belongs on. */
export const host: Record<string, Property> = {
    connection: {
        doc: "How the host is reached over SSH: a connection, or a name in `isardvdi:connections`. Never a replacement: another machine gets the rules first, then the old one is cleaned.",
        schema: (z) => z.union([z.string().min(1), connectionSchema(z)]),
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
        schema: (z) => z.string().min(1),
        change: "state-only",
        defaultText: "the top-level configuration",
    },
};
