import { utils, type ParsedKey } from "ssh2";

export interface KeyPair {
    /** OpenSSH format. */
    privateText: string;
    publicText: string;
    /** The public key as it travels in the protocol. */
    wire: Buffer;
}

export function newKeyPair(comment: string): KeyPair {
    const pair = utils.generateKeyPairSync("ed25519", { comment });
    return { privateText: pair.private, publicText: pair.public, wire: parsePublic(pair.public).getPublicSSH() };
}

export function parsePublic(publicText: string): ParsedKey {
    const parsed = utils.parseKey(publicText);
    if (parsed instanceof Error) throw parsed;
    return Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed;
}
