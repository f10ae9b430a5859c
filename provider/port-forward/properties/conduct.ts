import type { z as zod } from "zod";
import type { Property } from "../../resource";

const seconds = (z: typeof zod) => z.int();

/** How the provider goes about it; none of it touches the host. */
export const conduct = {
    adopt: {
        doc: "Takes over an equal rule that somebody else made: the own rule in first, the foreign one out second.",
        schema: (z) => z.boolean(),
        change: "state-only",
        default: false,
    },
    verify: {
        doc: "What proves a new or changed rule: a `packet` that arrives, or the `rules` as the host lists them.",
        schema: (z) => z.enum(["packet", "rules"]),
        change: "state-only",
        default: "packet",
    },
    verifyTimeoutSeconds: {
        doc: "How long a packet may take to arrive, for a container may still be booting.",
        schema: (z) => seconds(z).min(1).max(3600),
        change: "state-only",
        default: 120,
        unit: "seconds",
    },
    rollbackSeconds: {
        doc: "After so long the host takes a change back by itself, if no new SSH connection has proved the way in; a refresh waits for that.",
        schema: (z) => seconds(z).min(5).max(600),
        change: "state-only",
        default: 30,
        unit: "seconds",
    },
} satisfies Record<string, Property>;
