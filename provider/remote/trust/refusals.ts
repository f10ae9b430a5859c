import type { ConnectionArgs, TextMistake } from "../../connection";
import { type ErrorCode, IsardvdiError } from "../../errors";
import { connectionName } from "../name";
import { fingerprint, keyType } from "../../public-key";
import { type KnownHost, knownName } from "./known-hosts";

const describe = (key: Buffer): string => `${keyType(key) ?? "an unknown kind of key"} ${fingerprint(key)}`;
const publicText = (key: Buffer): string => `${keyType(key) ?? ""} ${key.toString("base64")}`;
const lineFor = ({ host, port = 22 }: ConnectionArgs, key: Buffer): string =>
    `${knownName(host, port)} ${publicText(key)}`;

/** Where a person reads the fingerprint that the host really has. */
const compare =
    'Compare the fingerprint with the one that "ssh-keygen -lf /etc/ssh/ssh_host_TYPE_key.pub" prints on the host itself';

export function unknownKey(
    connection: ConnectionArgs,
    key: Buffer,
    authorities: readonly string[],
    file = "~/.ssh/known_hosts",
): IsardvdiError {
    const authority =
        authorities.length > 0
            ? ` (the @cert-authority in ${authorities.join(", ")} is not used: the SSH library here knows no host certificates)`
            : "";
    return refusal(
        connection,
        `the host presents the key ${describe(key)}, which no known_hosts file lists${authority}`,
        `${compare}; if they agree, add this line to ${file}: ${lineFor(connection, key)} (or set hostKey to "${publicText(key)}").`,
    );
}

export function changedKey(connection: ConnectionArgs, key: Buffer, entry: KnownHost): IsardvdiError {
    return refusal(
        connection,
        `the host presents the key ${describe(key)}, but ${entry.where} says ${describe(entry.key)}: the key was changed, or somebody answers in the host's place`,
        `Where the key was changed on purpose: ${lower(compare)}, then replace line ${entry.where} by: ${lineFor(connection, key)}`,
    );
}

export function otherType(connection: ConnectionArgs, key: Buffer, entry: KnownHost): IsardvdiError {
    return refusal(
        connection,
        `the host presents the key ${describe(key)}, but only another type is known for it: ${describe(entry.key)} in ${entry.where}`,
        `${compare}; if they agree, add this line beside it: ${lineFor(connection, key)}`,
    );
}

export function revokedKey(connection: ConnectionArgs, key: Buffer, entry: KnownHost): IsardvdiError {
    return refusal(
        connection,
        `the host presents the key ${describe(key)}, which ${entry.where} marks as @revoked`,
        "Give the host a new key, and list that one.",
    );
}

export function wrongPin(connection: ConnectionArgs, key: Buffer): IsardvdiError {
    return refusal(
        connection,
        `the host presents the key ${describe(key)}, which is not the pinned hostKey: the key was changed, or somebody answers in the host's place`,
        `Where the key was changed on purpose: ${lower(compare)}, then set hostKey to "${publicText(key)}" (both keys, one a line, while it is being changed).`,
    );
}

export function badPin(connection: ConnectionArgs, [seen, advice]: TextMistake): IsardvdiError {
    return refusal(connection, `hostKey ${seen}`, `${advice}.`, "bad-input");
}

export function utf16File(connection: ConnectionArgs, path: string): IsardvdiError {
    return refusal(
        connection,
        `the known_hosts file ${path} is UTF-16 text, which PowerShell's ">" writes and OpenSSH does not read`,
        "Write it anew as UTF-8 or ASCII (in PowerShell: Set-Content -Encoding ascii), or pin the key with hostKey.",
    );
}

export function unreadableFile(connection: ConnectionArgs, path: string, code: string): IsardvdiError {
    return refusal(
        connection,
        `the known_hosts file ${path} cannot be read (${code}), so no host key can be checked`,
        "Correct knownHosts or the file's permissions, or pin the key with hostKey.",
    );
}

function refusal(
    connection: ConnectionArgs,
    seen: string,
    advice: string,
    code: ErrorCode = "host-key",
): IsardvdiError {
    const property = code === "bad-input" ? "connection.hostKey" : "connection";
    return new IsardvdiError({ code, action: "reach", resource: connectionName(connection), seen, advice, property });
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
