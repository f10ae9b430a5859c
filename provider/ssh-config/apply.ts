import { asError } from "../as-error";
import { join } from "node:path";
import type { ResolvedConnection } from "../connection";
import { IsardvdiError } from "../errors";
import { printable } from "../printable";
import { find, type Found } from "./find";
import { readEntries } from "./read";

/** Where the user's own ssh keeps what it needs. */
export interface SshFiles {
    home?: string | undefined;
    /** ~/.ssh/config. */
    config?: string | undefined;
    privateKeys: readonly string[];
}

/** Jump hosts may name one another in a circle. */
const HOPS = 8;

/** Where `sshConfig` says so, what the connection leaves out comes from ~/.ssh/config; no command of that file is run. */
export function withSshConfig(connection: ResolvedConnection, ssh: SshFiles, hops = 0): ResolvedConnection {
    const { proxy } = connection;
    const given = proxy && { ...connection, proxy: withSshConfig(proxy, ssh, hops) };
    // identityFiles are there once it was read
    if (!connection.sshConfig || connection.identityFiles) return given ?? connection;
    if (hops > HOPS) throw unusable(connection, ssh, "its ProxyJump leads in a circle", "Correct ProxyJump there.");
    const found = look(connection, ssh);
    const host = (found.hostName ?? "%h").replace(/%[h%]/g, (token) => (token === "%h" ? connection.host : "%"));
    const port = connection.port ?? portOf(found, connection, ssh);
    const user = connection.user ?? found.user;
    const files = found.identityFiles
        .filter((file) => file !== "none")
        .map((file) =>
            expanded(file, ssh.home ?? "", { h: host, r: user ?? "root", p: `${port ?? 22}`, n: connection.host }),
        );
    return {
        ...connection,
        host,
        port,
        user,
        proxy: given?.proxy ?? jump(found, connection, ssh, hops),
        identityFiles: files.length > 0 ? files : ssh.privateKeys,
        identitiesOnly: found.identitiesOnly?.toLowerCase() === "yes",
        notes: found.notes.map((note) => `of ${ssh.config ?? ""} ${note}`),
    };
}

/** The file's name for a host that it alone knows; undefined where it does not know it, or cannot be read. */
export function knownAs(host: string, ssh: SshFiles): string | undefined {
    try {
        const found = ssh.config === undefined ? undefined : find(readEntries(ssh.config, ssh.home), { host });
        return found?.isNamed ? (found.hostName ?? host) : undefined;
    } catch {
        return undefined;
    }
}

function look(connection: ResolvedConnection, ssh: SshFiles): Found {
    try {
        if (ssh.config === undefined) throw new Error("there is no home folder");
        return find(readEntries(ssh.config, ssh.home), connection);
    } catch (error) {
        const seen = `it cannot be read (${printable(asError(error).message).replace(/\s+/g, " ")})`;
        throw unusable(connection, ssh, seen, "Correct the file, or take sshConfig out of the connection.");
    }
}

function portOf({ port }: Found, connection: ResolvedConnection, ssh: SshFiles): number | undefined {
    const number = Number(port ?? 22);
    if (Number.isInteger(number) && number > 0 && number < 65_536) return port === undefined ? undefined : number;
    throw unusable(connection, ssh, "its Port is no port number", "Correct Port there, or give port.");
}

function jump(
    found: Found,
    connection: ResolvedConnection,
    ssh: SshFiles,
    hops: number,
): ResolvedConnection | undefined {
    const { kind, value = "none" } = found.way ?? {};
    if (value.toLowerCase() === "none") return undefined;
    if (kind === "proxycommand") {
        const seen = "it has a ProxyCommand for this host, and no command of that file is run";
        throw unusable(connection, ssh, seen, "Write it as ProxyJump there, or give proxy in the connection.");
    }
    let last: ResolvedConnection | undefined;
    for (const hop of value.split(",")) {
        const [, user, name = "", port] =
            /^(?:ssh:\/\/)?(?:([^@]*)@)?(\[[^\]]+\]|[^:@]+)(?::(\d+))?$/.exec(hop.trim()) ?? [];
        if (!name) throw unusable(connection, ssh, "its ProxyJump is no list of hosts", "Correct ProxyJump there.");
        const host = name.replace(/^\[|\]$/g, "");
        const next = { host, user, port: port === undefined ? undefined : Number(port), proxy: last, sshConfig: true };
        last = withSshConfig(next, ssh, hops + 1);
    }
    return last;
}

function expanded(file: string, home: string, tokens: Readonly<Record<string, string>>): string {
    const whole = file.replace(/%(.)/g, (all, token: string) => ({ ...tokens, d: home, "%": "%" })[token] ?? all);
    return whole.startsWith("~/") ? join(home, whole.slice(2)) : whole;
}

function unusable({ host }: ResolvedConnection, { config }: SshFiles, seen: string, advice: string): IsardvdiError {
    return new IsardvdiError({
        code: "bad-configuration",
        action: "use",
        resource: `${config ?? "~/.ssh/config"} for "${host}"`,
        seen,
        advice,
        property: "connection",
    });
}
