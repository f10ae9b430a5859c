import { createHmac } from "node:crypto";
import { decodeKey } from "../../public-key";

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
    const patterns = hosts.toLowerCase().split(",").filter(Boolean);
    const matches = (pattern: string): boolean => globMatches(pattern, name);
    if (patterns.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1)))) return false;
    return patterns.some((pattern) => !pattern.startsWith("!") && matches(pattern));
}

/** "*" and "?" only, without backtracking that grows with the text. */
function globMatches(pattern: string, text: string): boolean {
    let [p, t, star, mark] = [0, 0, -1, 0];
    while (t < text.length) {
        if (pattern[p] === "*") {
            star = p++;
            mark = t;
        } else if (pattern[p] === "?" || pattern[p] === text[t]) {
            p++;
            t++;
        } else if (star >= 0) {
            p = star + 1;
            t = ++mark;
        } else return false;
    }
    while (pattern[p] === "*") p++;
    return p === pattern.length;
}
