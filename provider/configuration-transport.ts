import { bad, pathFlag } from "./configuration-mistakes";
import type { IsardvdiError } from "./errors";

/** As undici takes them: an empty text is none. */
export interface ProxySettings {
    httpProxy: string;
    httpsProxy: string;
    noProxy: string;
}

/** Addresses of this machine, to which nothing crosses a network. */
const isHere = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);

/** Why nothing is written to a site: tokens would cross a network as they are, and nobody has allowed that. */
export function unencrypted(
    apiUrl: string,
    isAllowed: boolean,
    keyOf: (key: string) => string,
): IsardvdiError | undefined {
    const { protocol, hostname } = new URL(apiUrl);
    if (protocol === "https:" || isAllowed || isHere(hostname)) return undefined;
    const key = keyOf("allowHttp");
    return bad(
        keyOf("apiUrl"),
        `is ${apiUrl}, so that tokens and passwords would cross the network unencrypted`,
        `Use https, or run "pulumi config set ${pathFlag(key)} true" where that network is trusted`,
    );
}

/** The proxies that the environment names for a site, lower-case names first, as curl has it; none for this machine. */
export function proxyOf(apiUrl: string, environment: NodeJS.ProcessEnv): ProxySettings | undefined {
    const named = (name: string): string => environment[name.toLowerCase()] || environment[name] || "";
    const [httpProxy, httpsProxy] = ["HTTP_PROXY", "HTTPS_PROXY"].map((name) => address(named(name), name));
    if (isHere(new URL(apiUrl).hostname) || (!httpProxy && !httpsProxy)) return undefined;
    return { httpProxy: httpProxy ?? "", httpsProxy: httpsProxy ?? "", noProxy: named("NO_PROXY") };
}

function address(value: string, name: string): string {
    if (value === "") return "";
    const whole = value.includes("://") ? value : `http://${value}`;
    // it may hold a password, so it is not shown
    if (!URL.canParse(whole) || !["http:", "https:"].includes(new URL(whole).protocol))
        throw bad(
            `the environment's ${name}`,
            "is no address of an HTTP proxy",
            "Write it as http://HOST:PORT, or unset it",
        );
    return whole;
}
