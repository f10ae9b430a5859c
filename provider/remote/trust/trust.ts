import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SshDefaults } from "../../configuration";
import type { ConnectionArgs } from "../../connection";
import { decodeKey } from "./key";
import { type KnownHost, knownName, namesHost, parseKnownHosts } from "./known-hosts";
import { badPin, unreadableFile } from "./refusals";

/** What is known about one host's key before it is dialled. */
export type Trust =
    | { kind: "any" }
    | { kind: "pinned"; keys: readonly Buffer[]; fingerprints: readonly string[] }
    | { kind: "known"; entries: readonly KnownHost[]; bare: readonly KnownHost[]; files: readonly string[] };

/** Reads the pinned key or the known_hosts files; a file that was asked for must be readable. */
export async function trustOf(connection: ConnectionArgs, ssh: SshDefaults): Promise<Trust> {
    if (connection.insecureIgnoreHostKey) return { kind: "any" };
    if (connection.hostKey !== undefined) return pinned(connection.hostKey, connection);
    const asked = connection.knownHosts === undefined ? undefined : expandHome(connection.knownHosts, ssh.home);
    const files = asked === undefined ? ssh.knownHosts : [asked];
    const lines: KnownHost[] = [];
    for (const path of files) {
        try {
            lines.push(...parseKnownHosts(await readFile(path, "utf8"), path));
        } catch (error) {
            const { code } = error as NodeJS.ErrnoException;
            // a default file may be missing; whatever is there but cannot be read might revoke a key
            if (asked !== undefined || code !== "ENOENT") throw unreadableFile(connection, path, code ?? "unknown");
        }
    }
    const { host, port = 22 } = connection;
    const listed = (name: string): KnownHost[] => lines.filter(({ hosts }) => namesHost(hosts, name));
    const entries = listed(knownName(host, port));
    // as OpenSSH: an entry without the port may vouch for a key, but contradicts none
    return { kind: "known", entries, bare: port === 22 ? [] : listed(knownName(host, 22)), files };
}

function pinned(text: string, connection: ConnectionArgs): Trust {
    const keys: Buffer[] = [];
    const fingerprints: string[] = [];
    for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
        if (line === "" || line.startsWith("#")) continue;
        const [type = "", base64 = ""] = line.split(/\s+/);
        const key = decodeKey(type, base64);
        if (key) keys.push(key);
        else if (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(type)) fingerprints.push(type.replace(/=$/, ""));
        else throw badPin(connection);
    }
    if (keys.length + fingerprints.length === 0) throw badPin(connection);
    return { kind: "pinned", keys, fingerprints };
}

function expandHome(path: string, home: string | undefined): string {
    return home !== undefined && path.startsWith("~/") ? join(home, path.slice(2)) : path;
}
