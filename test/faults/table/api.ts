import { serviceClaims, token } from "../../sandbox/client";
import type { ApiFault } from "../../../sandbox";
import { type Fault, nothing } from "../fault";

const answers = (what: string, names: string, fault: ApiFault): Fault => ({
    what,
    names,
    make: (site) => site.sandbox.fault(fault),
});

export const api: readonly Fault[] = [
    {
        what: "a wrong API secret",
        names: "api/unauthorized",
        only: "v4",
        make: nothing,
        settings: () => ({
            credentials: {
                kind: "secret",
                apiSecret: "another-secret-of-more-than-32-characters",
                apiSecretKid: "isardvdi",
            },
        }),
    },
    {
        what: "a token of a user",
        names: "api/forbidden",
        only: "v3",
        make: nothing,
        settings: ({ sandbox }) => ({
            credentials: { kind: "token", apiToken: token(sandbox.apiSecret, serviceClaims("user")) },
        }),
    },
    {
        what: "a portal's own certificate that nobody was told of",
        names: "api/tls",
        make: nothing,
        settings: () => ({ caCert: undefined }),
    },
    {
        what: "the generation of another site",
        names: "api/wrong-generation",
        make: nothing,
        settings: ({ sandbox }) => ({ apiGeneration: sandbox.generation === "v4" ? "v3" : "v4" }),
    },
    // each of these is asked again until the time for it is over
    { ...answers("an API that answers 500", "api/unreachable", { kind: "status", status: 500 }), only: "v4" },
    {
        ...answers("an API that answers 401", "api/unauthorized", {
            kind: "status",
            status: 401,
            match: /hypervisors?\b/,
        }),
        only: "v3",
    },
    {
        ...answers("an API that answers 403", "api/forbidden", {
            kind: "status",
            status: 403,
            match: /hypervisors?\b/,
        }),
        only: "v4",
    },
    { ...answers("a portal that answers HTML with 503", "api/unreachable", { kind: "html" }), only: "v3" },
    { ...answers("a portal that hangs up", "api/unreachable", { kind: "drop" }), only: "v4" },
    { ...answers("an API that takes 30 s", "api/unreachable", { kind: "slow", delayMs: 30_000 }), only: "v3" },
];
