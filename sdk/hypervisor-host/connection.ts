import type { remote } from "@pulumi/command/types/input";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../provider/configuration";
import type { ConnectionArgs } from "../../provider/connection";
import type { HypervisorHostArgs } from "./args";

type Given = Exclude<HypervisorHostArgs["connection"], string>;

/** The connection itself, or the configuration's by its name. */
export const givenConnection = (connection: HypervisorHostArgs["connection"], configuration: Configuration): Given =>
    typeof connection === "string" ? configuration.connection(connection) : connection;

/** What @pulumi/command would do otherwise than the connection says, or not at all. */
export function refusalsOf(connection: Given, at = "connection"): string[] {
    const { hostKey, knownHosts, identity, sshConfig, sudo, user, insecureIgnoreHostKey, proxy } = connection;
    return [
        ...(hostKey === undefined
            ? [
                  `${at}.hostKey is missing, and @pulumi/command accepts any host without it. Give the host's public key, as "ssh-keyscan HOST" prints it`,
              ]
            : []),
        ...(typeof hostKey === "string" && !/^(ssh|ecdsa|sk)-\S+ \S+/.test(hostKey)
            ? [`${at}.hostKey is no public key, and @pulumi/command reads nothing else. Give "ssh-ed25519 AAAA…"`]
            : []),
        ...(knownHosts === undefined
            ? []
            : [`${at}.knownHosts is given, which @pulumi/command does not read. Give hostKey alone`]),
        ...(identity === undefined
            ? []
            : [
                  `${at}.identity is given, which @pulumi/command does not read. Give privateKey, or an agent with that key`,
              ]),
        ...(sshConfig
            ? [`${at}.sshConfig is set, and @pulumi/command does not read that file. Give host, port, user and proxy`]
            : []),
        ...(insecureIgnoreHostKey
            ? [`${at}.insecureIgnoreHostKey is set, and a host is not built without its key. Give hostKey`]
            : []),
        ...(sudo ? [`${at}.sudo is set, which @pulumi/command cannot do. Log in as root`] : []),
        ...(at === "connection" && typeof user === "string" && user !== "root"
            ? [`${at}.user is "${user}", and a host is built by root. Log in as root`]
            : []),
        ...hops(proxy as Given | undefined, at),
    ];
}

function hops(proxy: Given | undefined, at: string): string[] {
    if (proxy === undefined) return [];
    if (at !== "connection")
        return [`${at}.proxy is a second jump host, and @pulumi/command goes over one. Give a nearer one`];
    return refusalsOf(proxy, `${at}.proxy`);
}

const names = [
    "host",
    "port",
    "user",
    "password",
    "privateKey",
    "privateKeyPassword",
    "agentSocketPath",
    "hostKey",
    "dialErrorLimit",
    "perDialTimeout",
] as const;
const secrets: ReadonlySet<string> = new Set(["password", "privateKey", "privateKeyPassword"]);

/** The same in @pulumi/command's own arguments, with every credential secret. */
export function commandConnection(connection: Given): remote.ConnectionArgs {
    const { proxy } = connection;
    return {
        ...flat(connection),
        ...(proxy !== undefined && { proxy: flat(proxy as Given) }),
    } as remote.ConnectionArgs;
}

const flat = (connection: Given): Partial<Record<keyof ConnectionArgs, unknown>> =>
    Object.fromEntries(
        names.flatMap((name) => {
            const value = connection[name];
            if (value === undefined) return [];
            return [[name, secrets.has(name) ? pulumi.secret(value) : value]];
        }),
    );
