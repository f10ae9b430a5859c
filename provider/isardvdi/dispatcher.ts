import type { Dispatcher } from "undici";
import type { ErrorCode } from "../errors";
import type { ProxySettings } from "../configuration-transport";
import type { SiteSettings } from "./api";

type Undici = typeof import("undici");

/** The connections to one site: straight, or through the proxies that the environment names. */
export function dispatcherOf(undici: Undici, { caCert, insecureSkipTlsVerify, proxy }: SiteSettings): Dispatcher {
    const connect = {
        rejectUnauthorized: !insecureSkipTlsVerify,
        timeout: 10_000,
        ...(caCert ? { ca: caCert } : {}),
    };
    const pool = { connect, connections: 16, keepAliveTimeout: 10_000 };
    // what is trusted is the site's certificate, at the end of the tunnel
    return proxy ? new undici.EnvHttpProxyAgent({ ...pool, ...proxy, requestTls: connect }) : new undici.Agent(pool);
}

interface Refusal {
    code: ErrorCode;
    seen: string;
    advice: string;
    retryable: boolean;
}

/** A proxy that opens no tunnel: nothing has reached the site. */
export function proxyRefusal({ message }: Error, host: string, proxy: ProxySettings | undefined): Refusal | undefined {
    const status = /^Proxy response \((\d+)\)/.exec(message)?.[1];
    if (status === undefined) return undefined;
    return {
        code: status === "407" ? "unauthorized" : "unreachable",
        seen: `the proxy ${proxyName(proxy)} answered ${status} when it was asked for ${host}`,
        advice: "Check HTTPS_PROXY and HTTP_PROXY, with their user and password, and whether NO_PROXY should name the portal",
        retryable: status.startsWith("5"),
    };
}

/** Host and port alone: a user and a password may stand before them. */
const proxyName = (proxy: ProxySettings | undefined): string =>
    new URL(proxy?.httpsProxy || proxy?.httpProxy || "").host;

/** What else to look at where a proxy stands between. */
export const proxyAdvice = (proxy: ProxySettings | undefined): string =>
    proxy ? `, and HTTPS_PROXY, HTTP_PROXY and NO_PROXY, which the environment sets` : "";
