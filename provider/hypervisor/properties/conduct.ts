import type { z as zod } from "zod";
import { connectionSchema, sameConnection } from "../../connection";
import type { HypervisorProperty } from "../ways";

type Zod = typeof zod;
const flag = (z: Zod) => z.boolean();
const seconds = (z: Zod) => z.number().min(0);

/** How the provider goes about it; most of it touches no server. */
export const conduct = {
    registration: {
        doc: "Who makes the record: the provider (`api`), or the hypervisor's own container at boot (`self`). With `self` nothing is ever registered by the provider: it follows the container's boot to the last step, then writes what the program sets, and writes it again after each restart of the container, which makes the record anew from the host's `isardvdi.cfg`. `hostname` must then be that file's `DOMAIN`; `enabled` is written only where the program sets it, and a hypervisor that its container leaves disabled is not waited for.",
        schema: (z) => z.enum(["api", "self"]),
        change: "state-only",
        default: "api",
    },
    adopt: {
        doc: "Takes over a record with this `hyperId` that has another hostname.",
        schema: flag,
        change: "state-only",
        default: false,
    },
    awaitOnline: {
        doc: "Whether `up` ends only when the engine says Online, and how long it waits for that.",
        schema: (z) =>
            z.union([
                z.boolean(),
                z.strictObject({
                    timeoutSeconds: seconds(z).optional().describe("Seconds to wait, 900 by default."),
                    source: z
                        .enum(["auto", "changefeed", "api"])
                        .optional()
                        .describe(
                            "Where the record is watched: `changefeed` follows the site's database and fails where it cannot, `api` polls, `auto` (the default) follows the database where `isardvdi:rethinkdb` or `isardvdi:server` is set and polls where it cannot.",
                        ),
                }),
            ]),
        change: "state-only",
        default: true,
    },
    deletion: {
        doc: "How the hypervisor is taken from its desktops, by a deletion or by a registration of one that is Online: `drain` waits until they have stopped, `force` stops them.",
        schema: (z) =>
            z.strictObject({
                policy: z.enum(["drain", "force"]).optional().describe("`drain` by default."),
                timeoutSeconds: seconds(z).optional().describe("Seconds to wait for desktops, 600 by default."),
            }),
        change: "state-only",
        defaultText: '`{ policy: "drain", timeoutSeconds: 600 }`',
    },
    triggers: {
        doc: "Any values: a change registers the hypervisor again, for instance after its SSH host key has changed.",
        schema: (z) => z.array(z.any()),
        change: "update",
        // taking them out is a change as well, or the next update of another property would register again
        default: [],
        defaultText: "none",
        request: "PUT disable, POST (registers again), PUT enable",
    },
    diagnostics: {
        doc: "How the host itself is reached: for what a registration needs from it and gives to it (`kvmModule` on API v4, the engine's key and the viewer certificates for its isard-hypervisor container), and when something has to be explained.",
        schema: (z) =>
            z.strictObject({
                host: z
                    .union([z.string().min(1), connectionSchema(z)])
                    .optional()
                    .describe("A connection, or a name in `isardvdi:connections`."),
            }),
        meaning: sameConnection,
        change: "state-only",
        secret: true,
        defaultText: "none",
    },
    site: {
        doc: "Name of the site in `isardvdi:sites`.",
        schema: (z) => z.string().min(1),
        change: "state-only",
        defaultText: "the top-level configuration",
    },
} satisfies Record<string, HypervisorProperty>;
