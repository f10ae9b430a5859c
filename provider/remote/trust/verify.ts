import type { ConnectionArgs } from "../../connection";
import type { IsardvdiError } from "../../errors";
import { fingerprint, keyType } from "../../public-key";
import { changedKey, otherType, revokedKey, unknownKey, wrongPin } from "./refusals";
import type { Trust } from "./trust";

/** Undefined when the key may be trusted, else why not. */
export function refusalOf(key: Buffer, trust: Trust, connection: ConnectionArgs): IsardvdiError | undefined {
    if (trust.kind === "any") return undefined;
    if (trust.kind === "pinned") {
        const good = trust.keys.some((each) => each.equals(key)) || trust.fingerprints.includes(fingerprint(key));
        return good ? undefined : wrongPin(connection, key);
    }
    const { entries, bare, authorities, files } = trust;
    const same = [...entries, ...bare].filter((entry) => entry.key.equals(key));
    const revoked = same.find(({ mark }) => mark === "revoked");
    if (revoked) return revokedKey(connection, key, revoked);
    if (same.length > 0) return undefined;
    const valid = entries.filter(({ mark }) => mark === "");
    const changed = valid.find(({ type }) => type === keyType(key));
    if (changed) return changedKey(connection, key, changed);
    return valid[0] ? otherType(connection, key, valid[0]) : unknownKey(connection, key, authorities, files[0]);
}

const algorithms: Record<string, readonly string[]> = {
    "ssh-ed25519": ["ssh-ed25519"],
    "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
    "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
    "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
    // no signature with SHA-1 ("ssh-rsa"), which OpenSSH refuses since 8.8
    "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};
const all = Object.values(algorithms).flat();

/**
 * The algorithms to ask for, known types first, so that the host shows a key that can be compared. A bare
 * fingerprint does not tell its type: then each type is asked for in a dial of its own.
 */
export function hostKeyAlgorithms(trust: Trust): string[][] {
    if (trust.kind === "pinned" && trust.fingerprints.length > 0) {
        return Object.values(algorithms).map((each) => [...each]);
    }
    const keys = trust.kind === "pinned" ? trust.keys : trust.kind === "known" ? [...trust.entries, ...trust.bare] : [];
    const types = keys.map((each) =>
        Buffer.isBuffer(each) ? keyType(each) : each.mark === "" ? each.type : undefined,
    );
    const known = types.flatMap((type) => (type ? (algorithms[type] ?? []) : []));
    return [[...new Set([...known, ...all])]];
}
