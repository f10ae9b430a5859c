import { asObject } from "../is-object";
import type { ErrorCode } from "../errors";

/** One answer of the server as it is classified: the body is looked at, never shown whole. */
export interface Answer {
    status: number;
    contentType: string;
    body: unknown;
    text: string;
    retryAfter?: string | undefined;
}

export interface Kind {
    code: ErrorCode;
    /** What to say was seen; by default the server's own description. */
    seen?: string;
    advice: string;
    retryable?: true;
    property?: string;
}

interface Row extends Kind {
    status?: number | readonly number[];
    /** On the description, or on the text of an answer that is no JSON. */
    says?: RegExp;
    html?: true;
}

const forwardSsh =
    "Check that the host forwards the port to its hypervisor container (172.31.255.17:2022 by default), that the container runs, and that the server can reach the host";
const keys =
    "Check the credentials: isardvdi:apiToken, isardvdi:apiSecret with isardvdi:apiSecretKid, or isardvdi:username and isardvdi:password";

/** The first row that fits speaks. */
const rows: readonly Row[] = [
    {
        status: 200,
        html: true,
        code: "wrong-generation",
        seen: "the server answered with a web page where its API should be",
        advice: "Check isardvdi:apiUrl and isardvdi:apiGeneration: the server's release may have changed",
    },
    {
        status: 405,
        html: true,
        code: "wrong-generation",
        seen: "the server has no such API (405)",
        advice: "Check isardvdi:apiUrl and isardvdi:apiGeneration: the server's release may have changed",
    },
    {
        status: 200,
        code: "unexpected-answer",
        seen: "the server's answer is no readable JSON",
        advice: "Something between here and the server cuts answers off: look at the portal's log",
        retryable: true,
    },
    {
        says: /ssh-keyscan/i,
        code: "ssh-unreachable",
        seen: "the server got no SSH host key from the hostname and port",
        advice: forwardSsh,
        property: "hostname",
    },
    {
        says: /DNS resolution failed/i,
        code: "dns",
        advice: "Correct the hostname, or make it resolve on the site's server",
        property: "hostname",
    },
    {
        says: /loopback|link-local/i,
        code: "rejected",
        advice: "Use a name or address that the site's server can reach the host at",
        property: "hostname",
    },
    {
        says: /Unable to get certificates/i,
        code: "certificates",
        advice: "The server has no engine key or viewer certificates yet: start isard-engine once, and look at /opt/isard/certs and /opt/isard/sshkeys there",
    },
    {
        status: 401,
        says: /Token expired/i,
        code: "unauthorized",
        advice: "Make a new API key or token and set isardvdi:apiToken; with isardvdi:apiSecret, set the clocks right",
    },
    {
        status: 401,
        says: /Unable to parse authentication token/i,
        code: "unauthorized",
        advice: "isardvdi:apiSecretKid must be isardvdi or isardvdi-hypervisors, and a token must come from this server",
    },
    {
        status: 401,
        says: /Error when decoding token/i,
        code: "unauthorized",
        advice: "isardvdi:apiSecret is not the server's API_ISARDVDI_SECRET, or the token comes from another server",
    },
    {
        status: 401,
        says: /Session expired|No session|Invalid session/i,
        code: "unauthorized",
        advice: "Another login with this account ended the session: use a dedicated account, an API key or isardvdi:apiSecret",
    },
    {
        status: 401,
        says: /invalid_credentials/i,
        code: "unauthorized",
        seen: "the server refused the user name or password",
        advice: "Check isardvdi:username, isardvdi:password and isardvdi:category",
    },
    { status: 401, code: "unauthorized", advice: keys },
    { status: 403, says: /Not authenticated|Invalid authentication credentials/i, code: "unauthorized", advice: keys },
    {
        status: 403,
        says: /Not enough rights/i,
        code: "forbidden",
        advice: "The account must have the role admin; up to release 16 the secret of isardvdi-hypervisors is not enough",
    },
    {
        status: 403,
        says: /Token not valid for this operation/i,
        code: "forbidden",
        advice: "Use an API key or a full login token of an administrator; an account that still has to accept or verify something gets neither",
    },
    {
        status: 403,
        says: /user_disabled|user_disallowed/i,
        code: "forbidden",
        advice: "Enable the account in IsardVDI",
    },
    { status: 403, code: "forbidden", advice: "The account must have the role admin" },
    {
        // not repeated: one malformed row is enough for it, and every record can still be read by itself
        status: 500,
        says: /Failed to list hypervisors/i,
        code: "server-error",
        advice: "A malformed row does this, such as one whose port is a number: look at docker logs isard-apiv4 on the server",
    },
    {
        status: 500,
        says: /Invalid session/i,
        code: "not-ready",
        advice: "The sessions service does not answer: look at isard-sessions on the server",
        retryable: true,
    },
    {
        status: 400,
        says: /update bad data/i,
        code: "not-found",
        seen: "the server has no such hypervisor",
        advice: "It was deleted meanwhile: run pulumi up again",
    },
    {
        status: [400, 422],
        code: "rejected",
        advice: "Correct the named property; where none is yours, the server's release may differ from what this provider knows",
    },
    { status: 404, code: "not-found", advice: "It was deleted meanwhile: run pulumi up again" },
    {
        status: 405,
        code: "wrong-generation",
        advice: "Check isardvdi:apiGeneration: the server's release may have changed",
    },
    { status: 409, code: "conflict", advice: "Look at it in IsardVDI's web interface, then run pulumi up again" },
    {
        status: 428,
        code: "not-ready",
        advice: "The site is not ready for this yet: run pulumi up again",
        retryable: true,
    },
    {
        status: 429,
        code: "not-ready",
        seen: "the server wants fewer attempts (429)",
        advice: "Wait some minutes; ten failed logins lock an account for a while",
    },
    {
        status: 503,
        html: true,
        code: "server-error",
        seen: "the portal answers, but the API behind it does not (503)",
        advice: "Check that the API's container (isard-apiv4, or isard-api up to release 16) runs on the server",
        retryable: true,
    },
    {
        status: 503,
        says: /maintenance/i,
        code: "maintenance",
        advice: "The site is in maintenance mode: end it, or wait",
    },
    {
        status: [502, 503, 504],
        code: "server-error",
        advice: "Look at the containers of the site: docker ps on the server",
        retryable: true,
    },
    { status: 507, code: "server-error", advice: "The server has no space left" },
    {
        status: 500,
        code: "server-error",
        advice: "Look at docker logs isard-apiv4 (isard-api up to release 16) on the server",
        retryable: true,
    },
];

export function classify(answer: Answer): Kind & { seen: string } {
    const words = description(answer);
    const html = answer.contentType.includes("html");
    const row = rows.find(
        ({ status, says, html: wantsHtml }) =>
            (status === undefined ||
                (typeof status === "number" ? status === answer.status : status.includes(answer.status))) &&
            (!wantsHtml || html) &&
            (!says || says.test(words)),
    );
    const seen = row?.seen ?? `the server answered ${answer.status}${words && !html ? `, "${words}"` : ""}`;
    return { code: "unexpected-answer", advice: "Look at the server's logs", ...row, seen };
}

/** The server's own sentence: v3's other fields carry tracebacks and headers, so they are never read. */
function description({ body, text, contentType }: Answer): string {
    if (typeof body === "object" && body !== null) {
        const { description: long, detail, msg, error } = asObject(body);
        const found = [long, detail, msg, error].find(
            (each): each is string => typeof each === "string" && each !== "",
        );
        return oneLine(found ?? "");
    }
    // what looks like data, be it cut off or called another type, may be a row with its keys
    return contentType.includes("html") || /[{}[\]<>"=]/.test(text.slice(0, longest)) ? "" : oneLine(text);
}

const longest = 1000;
const oneLine = (words: string): string => {
    const line = words.slice(0, longest).replace(/\s+/g, " ").trim();
    // a token in an answer is not ours to repeat
    const safe = line.replace(/eyJ[\w.-]+/g, "[token]");
    return safe.length > 200 ? `${safe.slice(0, 199)}…` : safe;
};
