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
