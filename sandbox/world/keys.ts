import { utils, type ParsedKey } from "ssh2";

export interface KeyPair {
    /** OpenSSH format. */
    privateText: string;
    publicText: string;
}

export function newKeyPair(comment: string): KeyPair {
    for (;;) {
        const { private: privateText, public: publicText } = utils.generateKeyPairSync("ed25519", { comment });
        // about one in a hundred pairs that ssh2 writes is malformed
        if (isUsable(privateText) && isUsable(publicText)) return { privateText, publicText };
    }
}

export function parsePublic(publicText: string): ParsedKey {
    const parsed = utils.parseKey(publicText);
    if (parsed instanceof Error) throw parsed;
    return Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed;
}

function isUsable(text: string): boolean {
    return !(utils.parseKey(text) instanceof Error);
}
