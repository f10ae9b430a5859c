import { bad } from "./configuration-mistakes";
import { type ConnectionArgs, textMistakes } from "./connection";
import type { DatabaseSettings } from "./isardvdi/api";

type Kind = "text" | "port" | "count" | "flag" | "connection";
type Fields = Readonly<Record<string, Kind>>;

const databaseFields: Fields = {
    host: "text",
    port: "port",
    user: "text",
    password: "text",
    db: "text",
    tls: "flag",
    caCert: "text",
};

const connectionFields: Readonly<Record<keyof ConnectionArgs, Kind>> = {
    host: "text",
    port: "port",
    user: "text",
    password: "text",
    privateKey: "text",
    privateKeyPassword: "text",
    agentSocketPath: "text",
    identity: "text",
    hostKey: "text",
    knownHosts: "text",
    proxy: "connection",
    dialErrorLimit: "count",
    perDialTimeout: "count",
    sudo: "flag",
    insecureIgnoreHostKey: "flag",
    sshConfig: "flag",
};

/** How each kind is read; undefined where the value is of another. What the value was is not told: it may be a secret. */
const readers: Record<Exclude<Kind, "connection">, { read: (value: unknown) => unknown; wants: string }> = {
    // a password of digits, set with --path, is a number
    text: {
        read: (value) => (["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined),
        wants: "text",
    },
    port: { read: (value) => whole(value, 1, 65_535), wants: "a port number" },
    count: { read: (value) => whole(value, 0, Number.MAX_SAFE_INTEGER), wants: "a whole number" },
    flag: {
        read: (value) =>
            value === true || value === "true" ? true : value === false || value === "false" ? false : undefined,
        wants: "true or false",
    },
};

/** `isardvdi:rethinkdb`; undefined where neither it nor a server to reach the database from is there. */
export function databaseOf(value: unknown, hasServer: boolean, key: string): DatabaseSettings | undefined {
    if (value === undefined && !hasServer) return undefined;
    const {
        host,
        port = 28_015,
        user = "admin",
        password = "",
        db = "isard",
        tls = false,
        caCert,
    } = fields(value ?? {}, databaseFields, key) as Partial<DatabaseSettings>;
    if (host === undefined && !hasServer) {
        throw bad(
            `${key}.host`,
            "is not set, and there is no server to reach the database from",
            `Set it, or set ${key.replace(/rethinkdb$/, "server")}, from where the database's container is reached`,
        );
    }
    return { host, port, user, password, db, tls, caCert };
}

/** `isardvdi:server`: a connection, or a name in `isardvdi:connections`. */
export function connectionOf(
    value: unknown,
    named: (name: string) => ConnectionArgs,
    key: string,
): ConnectionArgs | undefined {
    if (value === undefined) return undefined;
    return typeof value === "string" ? named(value) : connection(value, key);
}

/** Jump hosts behind one another; no network has as many. */
const mostHops = 50;

export function connection(value: unknown, key: string, hops = 0): ConnectionArgs {
    if (hops > mostHops)
        throw bad(key.slice(0, -hops * ".proxy".length), `has more than ${mostHops} jump hosts`, "Use fewer");
    const read = fields(value, connectionFields, key, hops);
    const { host } = read;
    if (host === undefined) throw bad(`${key}.host`, "is not set", "Name the host that SSH connects to");
    for (const [name, mistakeOf] of Object.entries(textMistakes)) {
        const text = read[name];
        const mistake = typeof text === "string" ? mistakeOf(text) : undefined;
        if (mistake) throw bad(`${key}.${name}`, ...mistake);
    }
    return { ...read, host } as ConnectionArgs;
}

function fields(value: unknown, known: Fields, key: string, hops = 0): Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value))
        throw bad(key, "is no object", `Set its parts with "pulumi config set --path '${key}.NAME' VALUE"`);
    const read: Record<string, unknown> = {};
    for (const [name, given] of Object.entries(value)) {
        const kind = Object.hasOwn(known, name) ? known[name] : undefined;
        if (!kind) throw bad(`${key}.${name}`, "is not a known key", `Known are ${Object.keys(known).join(", ")}`);
        if (given === undefined || given === null || given === "") continue;
        read[name] =
            kind === "connection"
                ? connection(given, `${key}.${name}`, hops + 1)
                : scalar(given, kind, `${key}.${name}`);
    }
    return read;
}

function scalar(given: unknown, kind: Exclude<Kind, "connection">, key: string): unknown {
    const { read, wants } = readers[kind];
    const value = read(given);
    if (value === undefined) throw bad(key, `is not ${wants}`, `Set it to ${wants}`);
    return value;
}

function whole(value: unknown, lowest: number, highest: number): number | undefined {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isInteger(number) && number >= lowest && number <= highest
        ? number
        : undefined;
}
