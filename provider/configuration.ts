import { join } from "node:path";
import { configurationKeys } from "./configuration-keys";
import type { ConnectionArgs } from "./connection";
import { bad, pathFlag } from "./configuration-mistakes";
import { connection, connectionOf, databaseOf } from "./configuration-objects";
import { proxyOf, unencrypted } from "./configuration-transport";
import { IsardvdiError } from "./errors";
import { withSshConfig } from "./ssh-config/apply";
import type { Credentials, SiteSettings } from "./isardvdi/api";

/** Stack configuration of the `isardvdi` namespace, with the environment as fallback. */
export interface Configuration {
    /** Settings of a site, `undefined` for the top-level keys; a one-line error names the missing key. */
    site(name: string | undefined): SiteSettings;
    /** A connection by its name in `isardvdi:connections`. */
    connection(name: string): ConnectionArgs;
    /** The names in `isardvdi:connections`. */
    connectionNames: readonly string[];
    /** The connection to a site's central server; `undefined` where none is configured. */
    server(site: string | undefined): ConnectionArgs | undefined;
    /** What the user's own ssh would use. */
    ssh: SshDefaults;
}

/** The user's SSH agent and files; the files need not exist. */
export interface SshDefaults {
    agentSocketPath?: string | undefined;
    home?: string | undefined;
    /** ~/.ssh/config. */
    config?: string | undefined;
    knownHosts: readonly string[];
    privateKeys: readonly string[];
}

type Raw = Record<string, unknown>;

/** Reads the configuration once: nothing else in the provider looks at the environment. */
export function readConfiguration(
    get: (key: string) => unknown,
    environment: NodeJS.ProcessEnv = process.env,
): Configuration {
    const top: Raw = {};
    for (const { key, environment: variable, structured } of configurationKeys) {
        const value = get(`isardvdi:${key}`) ?? (environment[variable] === "" ? undefined : environment[variable]);
        if (value !== undefined) top[key] = structured ? parse(value, `isardvdi:${key}`, key === "server") : value;
    }
    const sites = (top["sites"] ?? {}) as Record<string, Raw>;
    const connections = (top["connections"] ?? {}) as Raw;
    const ssh = sshDefaults(environment);
    const named = (name: string): ConnectionArgs => {
        const found = own(connections, name);
        if (found === undefined) throw unknownName("connection", name, "connections", Object.keys(connections));
        return withSshConfig(connection(found, `isardvdi:connections.${name}`), ssh);
    };
    const server = (raw: Raw, key: string): ConnectionArgs | undefined => {
        const given = connectionOf(raw["server"], named, key);
        return given && withSshConfig(given, ssh);
    };
    const siteOf = (name: string | undefined): SiteSettings => {
        if (name === undefined) return settings("default", top, (key) => `isardvdi:${key}`, server, environment);
        const site = own(sites, name);
        if (!site) throw unknownName("site", name, "sites", Object.keys(sites));
        if (typeof site !== "object") throw noObject(`isardvdi:sites.${name}`);
        return settings(name, site, (key) => `isardvdi:sites.${name}.${key}`, server, environment);
    };
    // each operation of each resource asks for its own
    const known = new Map<string | undefined, SiteSettings>();
    return {
        site(name) {
            const found = known.get(name) ?? siteOf(name);
            known.set(name, found);
            return found;
        },
        connection: named,
        connectionNames: Object.keys(connections),
        server(site) {
            const [raw, key] = site === undefined ? [top, "server"] : [own(sites, site), `sites.${site}.server`];
            return server(raw ?? {}, `isardvdi:${key}`);
        },
        ssh,
    };
}

function sshDefaults(environment: NodeJS.ProcessEnv): SshDefaults {
    const home = environment["HOME"] || environment["USERPROFILE"] || undefined;
    const own = (...names: string[]): string[] => (home ? names.map((name) => join(home, ".ssh", name)) : []);
    return {
        agentSocketPath: environment["SSH_AUTH_SOCK"] || undefined,
        home,
        config: own("config")[0],
        knownHosts: [...own("known_hosts"), "/etc/ssh/ssh_known_hosts"],
        privateKeys: own("id_ed25519", "id_ecdsa", "id_rsa"),
    };
}

function settings(
    name: string,
    raw: Raw,
    keyName: (key: string) => string,
    serverOf: (raw: Raw, key: string) => ConnectionArgs | undefined,
    environment: NodeJS.ProcessEnv,
): SiteSettings {
    const unknown = name === "default" ? undefined : Object.keys(raw).find((key) => !siteKeys.has(key));
    if (unknown !== undefined)
        throw bad(keyName(unknown), "is not a known key", `Known are ${[...siteKeys].join(", ")}`);
    const server = serverOf(raw, keyName("server"));
    const apiUrl = url(text(raw, "apiUrl"), keyName("apiUrl"), name === "default");
    return {
        name,
        apiUrl,
        unencrypted: unencrypted(apiUrl, boolean(text(raw, "allowHttp"), keyName("allowHttp")), keyName),
        proxy: proxyOf(apiUrl, environment),
        credentials: credentials(raw, keyName, name === "default"),
        caCert: certificate(text(raw, "caCert"), keyName("caCert")),
        insecureSkipTlsVerify: boolean(text(raw, "insecureSkipTlsVerify"), keyName("insecureSkipTlsVerify")),
        apiGeneration: oneOf(
            text(raw, "apiGeneration") ?? "auto",
            ["auto", "v3", "v4"] as const,
            keyName("apiGeneration"),
        ),
        database: databaseOf(raw["rethinkdb"], server !== undefined, keyName("rethinkdb")),
        server,
    };
}

const siteKeys = new Set(configurationKeys.filter(({ topLevel }) => !topLevel).map(({ key }) => key));

function url(value: string | undefined, key: string, withVariable: boolean): string {
    if (!value) {
        const or = withVariable ? ", or set ISARDVDI_API_URL" : "";
        throw bad(
            key,
            "is not set",
            `Run "pulumi config set ${pathFlag(key)} https://isard.example.org"${or}`,
            "missing-credentials",
        );
    }
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (!parsed || !["http:", "https:"].includes(parsed.protocol)) {
        throw bad(
            key,
            `is ${JSON.stringify(value)}, which is no http or https address`,
            "Write it as https://isard.example.org",
        );
    }
    if (parsed.username || parsed.password)
        throw bad(key, "carries a user name or password", "Use apiToken, apiSecret or username and password instead");
    if (!["", "/"].includes(parsed.pathname)) {
        throw bad(
            key,
            `has the path ${JSON.stringify(parsed.pathname)}`,
            "Give the portal's address alone: the provider finds the API's path",
        );
    }
    return parsed.origin;
}

function credentials(raw: Raw, keyName: (key: string) => string, isDefault: boolean): Credentials {
    const [apiToken, apiSecret, username, password] = ["apiToken", "apiSecret", "username", "password"].map((key) =>
        text(raw, key),
    );
    // a line's end comes along easily, and no header may carry one
    if (apiToken && !/^[\x21-\x7e]+$/.test(apiToken.trim()))
        throw bad(keyName("apiToken"), "has characters that no token has", "Set it again, without quotes or spaces");
    if (apiToken) return { kind: "token", apiToken: apiToken.trim() };
    if (apiSecret) {
        const apiSecretKid = oneOf(
            text(raw, "apiSecretKid") ?? "isardvdi",
            ["isardvdi", "isardvdi-hypervisors"] as const,
            keyName("apiSecretKid"),
        );
        return { kind: "secret", apiSecret, apiSecretKid };
    }
    if (username && password)
        return { kind: "login", username, password, category: text(raw, "category") ?? "default" };
    if (username)
        throw bad(
            keyName("password"),
            "is not set, although username is",
            `Run "pulumi config set --secret ${pathFlag(keyName("password"))}"`,
            "missing-credentials",
        );
    const variables = isDefault
        ? " (or set ISARDVDI_API_TOKEN, ISARDVDI_API_SECRET, or ISARDVDI_USERNAME and ISARDVDI_PASSWORD)"
        : "";
    throw bad(
        keyName("apiToken"),
        "is not set, nor is any other credential",
        `Set one of apiToken, apiSecret, or username and password, for example "pulumi config set --secret ${pathFlag(keyName("apiToken"))}"${variables}`,
        "missing-credentials",
    );
}

function certificate(value: string | undefined, key: string): string | undefined {
    if (value === undefined || value.includes("-----BEGIN CERTIFICATE-----")) return value;
    throw bad(
        key,
        "is no PEM text",
        "Set it to the certificate itself, BEGIN CERTIFICATE included, not to a file's name",
    );
}

function text(raw: Raw, key: string): string | undefined {
    const value = raw[key];
    if (typeof value === "string") return value === "" ? undefined : value;
    // an object set with --path carries true and numbers as they are
    return typeof value === "boolean" || typeof value === "number" ? String(value) : undefined;
}

function boolean(value: string | undefined, key: string): boolean {
    return oneOf(value ?? "false", ["true", "false"] as const, key) === "true";
}

function oneOf<T extends string>(value: string, known: readonly T[], key: string): T {
    if ((known as readonly string[]).includes(value)) return value as T;
    throw bad(key, `is ${JSON.stringify(value)}`, `Use one of ${known.join(", ")}`);
}

function parse(value: unknown, key: string, mayBeName: boolean): unknown {
    if (typeof value !== "string" || (mayBeName && !value.trimStart().startsWith("{"))) return value;
    try {
        const parsed: unknown = JSON.parse(value);
        if (typeof parsed === "object" && parsed !== null) return parsed;
    } catch {
        // falls through: the text may hold a secret, so it is not shown
    }
    throw noObject(key);
}

const noObject = (key: string): IsardvdiError =>
    bad(key, "is no JSON object", `Set it with "pulumi config set --path '${key}.NAME...'"`);

const own = <T>(table: Record<string, T>, name: string): T | undefined =>
    Object.hasOwn(table, name) ? table[name] : undefined;

function unknownName(what: string, name: string, key: string, known: string[]): IsardvdiError {
    return new IsardvdiError({
        code: "bad-configuration",
        action: "find",
        resource: `the ${what} "${name}"`,
        seen:
            known.length > 0
                ? `isardvdi:${key} has ${known.map((each) => `"${each}"`).join(", ")}`
                : `isardvdi:${key} is not set`,
        advice: `Correct the name, or add it with "pulumi config set --path 'isardvdi:${key}.${name}...'".`,
        property: what,
    });
}
