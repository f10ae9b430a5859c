import { createHash } from "node:crypto";

/** The blob of a public key's text; undefined unless the text is a key of that very type. */
export function decodeKey(type: string, base64: string): Buffer | undefined {
    if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) return undefined;
    const key = Buffer.from(base64, "base64");
    return keyType(key) === type ? key : undefined;
}

/** A public key's blob begins with its type. */
export function keyType(key: Buffer): string | undefined {
    if (key.length < 4) return undefined;
    const end = 4 + key.readUInt32BE(0);
    return end <= key.length ? key.toString("latin1", 4, end) : undefined;
}

/** As ssh-keygen prints it. */
export const fingerprint = (key: Buffer): string =>
    `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=$/, "")}`;

/** Host keys, and fingerprints of host keys. */
export interface Pins {
    keys: readonly Buffer[];
    fingerprints: readonly string[];
}

/**
 * What a `hostKey` says: a line of a .pub file or of known_hosts, what ssh-keyscan or "ssh-keygen -l" prints, or a fingerprint
 * alone. Undefined unless every line is one of them: a marked line (@revoked) says something else.
 */
export function pinsIn(text: string): Pins | undefined {
    const keys: Buffer[] = [];
    const fingerprints: string[] = [];
    for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
        if (line === "" || line.startsWith("#")) continue;
        const [first = "", second = "", third = ""] = line.split(/\s+/, 3);
        const key = decodeKey(first, second) ?? (first.startsWith("@") ? undefined : decodeKey(second, third));
        const print = isFingerprint(first) ? first : /^\d+$/.test(first) && isFingerprint(second) ? second : undefined;
        if (key) keys.push(key);
        else if (print) fingerprints.push(print.replace(/=$/, ""));
        else return undefined;
    }
    return keys.length + fingerprints.length > 0 ? { keys, fingerprints } : undefined;
}

/** The same text for the same keys, however they were written; what is no key stays as it is. */
export function samePins(text: string): string {
    const pins = pinsIn(text);
    if (!pins) return text;
    const lines = [...pins.keys.map((key) => key.toString("base64")), ...pins.fingerprints];
    return [...new Set(lines)].sort().join("\n");
}

const isFingerprint = (word: string): boolean => /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(word);
