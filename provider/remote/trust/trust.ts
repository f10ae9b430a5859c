import { asObject } from "../../is-object";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SshDefaults } from "../../configuration";
import { type ConnectionArgs, textMistakes } from "../../connection";
import { IsardvdiError } from "../../errors";
import { type Pins, pinsIn } from "../../public-key";
import { type KnownHost, knownName, namesHost, parseKnownHosts } from "./known-hosts";
import { badPin, unreadableFile, utf16File } from "./refusals";

/** What is known about one host's key before it is dialled. */
export type Trust =
    | { kind: "any" }
    | ({ kind: "pinned" } & Pins)
    | {
          kind: "known";
          entries: readonly KnownHost[];
          bare: readonly KnownHost[];
          /** Where a certificate authority is named for the host. */
          authorities: readonly string[];
          files: readonly string[];
      };

/** Reads the pinned key or the known_hosts files; a file that was asked for must be readable. */
export async function trustOf(connection: ConnectionArgs, ssh: SshDefaults): Promise<Trust> {
    if (connection.insecureIgnoreHostKey) return { kind: "any" };
    if (connection.hostKey !== undefined) {
        const mistake = textMistakes.hostKey?.(connection.hostKey);
        if (mistake) throw badPin(connection, mistake);
        return { kind: "pinned", keys: [], fingerprints: [], ...pinsIn(connection.hostKey) };
    }
    const asked = connection.knownHosts === undefined ? undefined : expandHome(connection.knownHosts, ssh.home);
    const files = asked === undefined ? ssh.knownHosts : [asked];
    const lines: KnownHost[] = [];
    for (const path of files) {
        try {
            const bytes = await readFile(path);
            if (isUtf16(bytes)) throw utf16File(connection, path);
            lines.push(...parseKnownHosts(bytes.toString("utf8").replace(/^\ufeff/, ""), path));
        } catch (error) {
            if (error instanceof IsardvdiError) throw error;
            const { code = "unknown" } = asObject(error);
            // a default file may be missing; whatever is there but cannot be read might revoke a key
            if (asked !== undefined || code !== "ENOENT") throw unreadableFile(connection, path, String(code));
        }
    }
    const { host, port = 22 } = connection;
    const listed = (name: string): KnownHost[] => lines.filter(({ hosts }) => namesHost(hosts, name));
    // as OpenSSH: an entry without the port may vouch for a key, but contradicts none
    const [exact, loose] = [listed(knownName(host, port)), port === 22 ? [] : listed(knownName(host, 22))];
    const isKey = ({ mark }: KnownHost): boolean => mark !== "ca";
    const authorities = [...exact, ...loose].filter(({ mark }) => mark === "ca").map(({ where }) => where);
    return {
        kind: "known",
        entries: exact.filter(isKey),
        bare: loose.filter(isKey),
        authorities: [...new Set(authorities)],
        files,
    };
}

/** What PowerShell writes with ">". */
const isUtf16 = ([first, second]: Buffer): boolean =>
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

function expandHome(path: string, home: string | undefined): string {
    return home !== undefined && path.startsWith("~/") ? join(home, path.slice(2)) : path;
}
