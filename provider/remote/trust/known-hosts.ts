import { createHmac } from "node:crypto";
import { decodeKey } from "../../public-key";
import { matchesPatterns } from "../../ssh-config/pattern";

/** One usable line of a known_hosts file. */
export interface KnownHost {
    hosts: string;
    /** "ca": not the host's key, but that of an authority that signs host keys. */
    mark: "" | "revoked" | "ca";
    /** "ssh-ed25519". */
    type: string;
    key: Buffer;
    /** "/home/me/.ssh/known_hosts:12". */
    where: string;
}

const marks: Readonly<Record<string, KnownHost["mark"]>> = { "": "", "@revoked": "revoked", "@cert-authority": "ca" };

/** Reads the text of a known_hosts file; lines that OpenSSH would skip are skipped. */
export function parseKnownHosts(text: string, path: string): KnownHost[] {
    return text.split(/\r?\n/).flatMap((line, index) => {
        const words = line.trim().split(/\s+/);
        const mark = marks[words[0]?.startsWith("@") ? (words.shift() ?? "") : ""];
        const [hosts, type, base64] = words;
        if (mark === undefined || !hosts || !type || !base64 || hosts.startsWith("#")) return [];
        const key = decodeKey(type, base64);
        return key ? [{ hosts, mark, type, key, where: `${path}:${index + 1}` }] : [];
    });
}

/** How OpenSSH writes a host into known_hosts. */
export const knownName = (host: string, port: number): string =>
    port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

/** Whether the host field of a line names this host: hashed, or a list of patterns where "!" takes out. */
export function namesHost(hosts: string, name: string): boolean {
    if (hosts.startsWith("|1|")) {
        const [, , salt, hash] = hosts.split("|");
        if (!salt || !hash) return false;
        return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
    }
    return matchesPatterns(hosts.split(",").filter(Boolean), name);
}
