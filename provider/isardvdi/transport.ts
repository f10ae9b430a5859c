import { asObject } from "../is-object";
import type { Dispatcher } from "undici";
import { DeadlinePassed, withDeadline } from "../concurrency/deadline";
import { type ErrorCode, IsardvdiError } from "../errors";
import type { Clock } from "../world";
import type { SiteSettings } from "./api";
import type { Answer } from "./answers";
import type { Body } from "./bodies";
import { BodyTooLong, textOf } from "./body-limit";
import { dispatcherOf, proxyAdvice, proxyRefusal } from "./dispatcher";

export interface Request {
    method: "GET" | "POST" | "PUT" | "DELETE";
    path: string;
    headers?: Record<string, string>;
    body?: Body | { multipart: Record<string, string> } | undefined;
    timeoutMs: number;
    signal: AbortSignal;
}

export type Transport = (
    request: Request,
) => Promise<Answer & { date: string | undefined; location?: string | undefined }>;

/** One pool of connections per site; undici is loaded with the first request. */
export function openTransport(settings: SiteSettings, clock: Clock, injected?: Dispatcher): Transport {
    const { apiUrl } = settings;
    let pool: Promise<{ undici: typeof import("undici"); dispatcher: Dispatcher }> | undefined;
    const open = async () => {
        const undici = await import("undici");
        return { undici, dispatcher: injected ?? dispatcherOf(undici, settings) };
    };
    return async ({ method, path, headers, body, timeoutMs, signal }) => {
        pool ??= open();
        const { undici, dispatcher } = await pool;
        const { payload, contentType } = encode(body, undici.FormData);
        const options = {
            method,
            dispatcher,
            headers: {
                accept: "application/json",
                ...headers,
                ...(contentType ? { "content-type": contentType } : {}),
            },
            body: payload,
        };
        try {
            return await withDeadline(timeoutMs, { clock, signal }, async (either) => {
                const answer = await undici.request(apiUrl + path, { ...options, signal: either });
                const text = await textOf(answer.body);
                const type = String(answer.headers["content-type"] ?? "");
                return {
                    status: answer.statusCode,
                    contentType: type,
                    text,
                    body: type.includes("json") ? parse(text) : undefined,
                    date: header(answer.headers["date"]),
                    location: header(answer.headers["location"]),
                    retryAfter: header(answer.headers["retry-after"]),
                };
            });
        } catch (error) {
            if (signal.aborted) throw signal.reason;
            throw failure(error as NodeJS.ErrnoException, method, settings, timeoutMs);
        }
    };
}

const header = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

function encode(body: Request["body"], FormDataOf: typeof import("undici").FormData) {
    if (!body) return { payload: null, contentType: undefined };
    if ("json" in body) return { payload: JSON.stringify(body.json), contentType: "application/json" };
    if ("form" in body)
        return { payload: new URLSearchParams(body.form).toString(), contentType: "application/x-www-form-urlencoded" };
    const form = new FormDataOf();
    for (const [name, value] of Object.entries(body.multipart)) form.append(name, value);
    return { payload: form, contentType: undefined };
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}

interface Row {
    codes: readonly string[];
    code: ErrorCode;
    seen: (host: string) => string;
    advice: string;
    property: string;
    retryable: boolean;
    /** Nothing was sent, so that even a registration may be repeated. */
    unsent?: true;
}

const ca =
    "Set isardvdi:caCert to the PEM text of the authority that signed it, or isardvdi:insecureSkipTlsVerify to true where that risk is known";
const url = "Check isardvdi:apiUrl, and that the portal runs and can be reached from here";

const rows: readonly Row[] = [
    {
        codes: [
            "DEPTH_ZERO_SELF_SIGNED_CERT",
            "SELF_SIGNED_CERT_IN_CHAIN",
            "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            "UNABLE_TO_GET_ISSUER_CERT",
        ],
        code: "tls",
        seen: (host) => `the certificate of ${host} is signed by nobody this machine trusts`,
        advice: ca,
        property: "isardvdi:caCert",
        retryable: false,
        unsent: true,
    },
    {
        codes: ["ERR_TLS_CERT_ALTNAME_INVALID"],
        code: "tls",
        seen: (host) => `the certificate of ${host} is for another name`,
        advice: "Use the name in the certificate in isardvdi:apiUrl, or set isardvdi:insecureSkipTlsVerify to true where that risk is known",
        property: "isardvdi:apiUrl",
        retryable: false,
        unsent: true,
    },
    {
        codes: ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"],
        code: "tls",
        seen: (host) => `the certificate of ${host} is expired or not valid yet`,
        advice: "Renew it on the server, and check the clocks",
        property: "isardvdi:apiUrl",
        retryable: false,
        unsent: true,
    },
    {
        codes: ["EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"],
        code: "tls",
        seen: (host) => `${host} does not speak TLS on this port`,
        advice: "Check scheme and port of isardvdi:apiUrl",
        property: "isardvdi:apiUrl",
        retryable: false,
        unsent: true,
    },
    {
        codes: ["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA"],
        code: "unreachable",
        seen: (host) => `the name ${host} does not resolve here`,
        advice: url,
        property: "isardvdi:apiUrl",
        retryable: true,
        unsent: true,
    },
    {
        codes: ["ECONNREFUSED"],
        code: "unreachable",
        seen: (host) => `${host} refused the connection`,
        advice: url,
        property: "isardvdi:apiUrl",
        retryable: true,
        unsent: true,
    },
    {
        codes: ["EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"],
        code: "unreachable",
        seen: (host) => `${host} cannot be reached`,
        advice: url,
        property: "isardvdi:apiUrl",
        retryable: true,
        unsent: true,
    },
];
const dropped: Row = {
    codes: [],
    code: "unreachable",
    seen: (host) => `${host} dropped the connection`,
    advice: "With FORBID_DOMAIN_IP the portal drops whoever does not call it by its DOMAIN: check isardvdi:apiUrl, then the portal's log",
    property: "isardvdi:apiUrl",
    retryable: true,
};

/** A failure before or instead of an answer; `action` and `resource` are filled in by the caller. */
export class TransportError extends Error {
    constructor(
        readonly row: Pick<Row, "code" | "advice" | "property" | "retryable"> & { unsent: boolean; seen: string },
    ) {
        super(row.seen);
    }
}

function failure(
    error: NodeJS.ErrnoException,
    method: string,
    { apiUrl, proxy }: SiteSettings,
    timeoutMs: number,
): TransportError {
    const { host } = new URL(apiUrl);
    const refusal = proxyRefusal(error, host, proxy);
    if (refusal) return new TransportError({ ...refusal, property: "isardvdi:apiUrl", unsent: true });
    if (error instanceof DeadlinePassed) {
        return new TransportError({
            code: "timeout",
            seen: `${host} did not answer the ${method} within ${timeoutMs / 1000} s`,
            advice: "Look at the load of the server and at the API's log there",
            property: "isardvdi:apiUrl",
            retryable: true,
            unsent: false,
        });
    }
    if (error instanceof BodyTooLong) {
        return new TransportError({
            code: "unexpected-answer",
            seen: `${host} answered the ${method} with ${error.message}, and the rest was not read`,
            advice: "Check that isardvdi:apiUrl leads to IsardVDI's API",
            property: "isardvdi:apiUrl",
            retryable: false,
            unsent: false,
        });
    }
    const { errors } = asObject(error);
    const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
    const codes = [error.code, asObject(error.cause)["code"], asObject(first)["code"]];
    const row =
        rows.find((each) => codes.some((code) => typeof code === "string" && each.codes.includes(code))) ?? dropped;
    const advice = row.code === "unreachable" ? row.advice + proxyAdvice(proxy) : row.advice;
    return new TransportError({ ...row, advice, seen: row.seen(host), unsent: row.unsent ?? false });
}

export const asFailure = ({ row }: TransportError, action: string, resource: string): IsardvdiError =>
    new IsardvdiError({ ...row, advice: `${row.advice}.`, action, resource });
