import type { ErrorCode } from "../../errors";
import type { Cause, Step } from "./step";

const says = (
    id: string,
    codes: readonly ErrorCode[],
    sign: string,
    advice: string,
    more: Pick<Cause, "isFinal" | "ends"> = {},
): Cause => ({
    id,
    sign,
    advice,
    ...more,
    seen: ({ api: { error } }) => (error && codes.includes(error.code) ? error.seen : undefined),
});

export const api: Step = {
    id: "api",
    title: "The site's API answers and accepts the credentials",
    about: "Everything else about the record is read through it.",
    unseen: () => undefined,
    evidence: [],
    causes: [
        {
            id: "authentication-down",
            sign: "The portal answers the log-in with a 5xx code: it leads it to isard-authentication.",
            seen: ({ api: { error } }) => (error && /isard-authentication/.test(error.seen) ? error.seen : undefined),
            advice: "Check that the container isard-authentication runs on the server.",
        },
        says(
            "unreachable",
            ["unreachable", "maintenance", "server-error", "not-ready"],
            "No connection to the portal, or the portal answers with a 5xx code.",
            "Check isardvdi:apiUrl and that isard-portal and isard-apiv4 (isard-api up to release 16) run on the server.",
        ),
        says(
            "tls",
            ["tls"],
            "The portal's certificate is not trusted by this machine.",
            "Set isardvdi:caCert to the authority's certificate, or give the portal a valid one.",
            { isFinal: true },
        ),
        says(
            "unauthorized",
            ["unauthorized", "missing-credentials"],
            "The API answers 401: the token is wrong, revoked or expired.",
            "Set isardvdi:apiToken to a new API key, or check apiSecret and apiSecretKid.",
            { isFinal: true, ends: "unauthorized" },
        ),
        says(
            "forbidden",
            ["forbidden"],
            "The API answers 403: the account is no administrator.",
            "Use an API key of an administrator: managers and users cannot see hypervisors.",
            { isFinal: true, ends: "forbidden" },
        ),
        says(
            "wrong-generation",
            ["wrong-generation"],
            "A web server answers, but no IsardVDI API of the generation that was asked for.",
            "Set isardvdi:apiUrl to the portal's address, and isardvdi:apiGeneration to auto.",
            { isFinal: true },
        ),
        {
            id: "other-error",
            sign: "Any other error of the API.",
            seen: ({ api: { error } }) => error?.seen,
            advice: "Look at docker logs isard-apiv4 (isard-api up to release 16) on the server.",
        },
    ],
};
