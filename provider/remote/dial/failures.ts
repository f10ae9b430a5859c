import type { ResolvedConnection } from "../../connection";
import { type ErrorCode, IsardvdiError } from "../../errors";
import { connectionName } from "../name";
import { saidLine } from "../said";

/** How far a dial had come: "exchange" once the host has said that it speaks SSH. */
export type Phase = "connect" | "handshake" | "exchange" | "authenticate";

interface Row {
    matches: RegExp;
    code: ErrorCode;
    seen: string;
    advice: string;
    /** Worth another dial. */
    again: boolean;
}

const sshdRuns = "Check that the host is up, that sshd listens on this port, and that no firewall is in between.";

/** By the error's code or text; the first row that matches says what was seen and what to do. */
const rows: readonly Row[] = [
    row(/ECONNREFUSED|Connection refused/i, "ssh-unreachable", "the connection was refused", sshdRuns, true),
    row(/EHOSTUNREACH|ENETUNREACH|No route to host/i, "ssh-unreachable", "there is no route to it", sshdRuns, true),
    row(/ETIMEDOUT|timed out/i, "ssh-unreachable", "nothing answered", sshdRuns, true),
    row(
        /EAI_AGAIN|name resolution/i,
        "dns",
        "the name server did not answer",
        "Check the name, or give an address.",
        true,
    ),
    row(/ENOTFOUND|EAI_|not known/i, "dns", "the name does not resolve", "Correct host, or give an address.", false),
    row(
        /administratively prohibited|forwarding.*(denied|disabled)/i,
        "forbidden",
        "the jump host refuses to forward the connection",
        "Allow it there: AllowTcpForwarding and PermitOpen in its sshd_config, or the options of the key in authorized_keys.",
        false,
    ),
    row(
        /no matching/i,
        "unsupported",
        "client and host have no algorithm in common",
        "Update the host's OpenSSH, or allow current algorithms in its sshd_config.",
        false,
    ),
    row(/connect failed/i, "ssh-unreachable", "the jump host cannot connect to it", sshdRuns, true),
    row(
        /ECONNRESET|EPIPE|before handshake|socket hang up|ended|lost|Not connected|No response|Too many|disconnect/i,
        "ssh-unreachable",
        "the host closed the connection before it was ready",
        "Too many logins at once (MaxStartups), a ban (fail2ban, PerSourcePenalties) or another service on this port do that.",
        true,
    ),
    row(
        /protocol|version|invalid|packet|bad/i,
        "ssh-unreachable",
        "what answers there does not speak SSH",
        "Correct port: it must be the one of sshd.",
        false,
    ),
];

function row(matches: RegExp, code: ErrorCode, seen: string, advice: string, again: boolean): Row {
    return { matches, code, seen, advice, again };
}

/** RFC 4254, 5.1: why a jump host opened no stream. */
const channelReasons: Record<number, string> = { 1: "administratively prohibited", 2: "connect failed" };

/** The other end is gone. */
export const isHangUp = ({ code = "", message }: NodeJS.ErrnoException): boolean =>
    /ECONNRESET|EPIPE|socket hang up|ended|lost|Not connected|disconnect/i.test(`${code} ${message}`);

/** A failed dial in our words; `retryable` says that another dial may succeed. */
export function dialFailure(connection: ResolvedConnection, error: unknown): IsardvdiError {
    if (error instanceof IsardvdiError) return error;
    const { code = "", message, reason } = error as NodeJS.ErrnoException & { reason?: number };
    // a host may say as much as it likes
    const said = message.slice(0, 1000);
    const text = `${code} ${reason === undefined ? "" : (channelReasons[reason] ?? "")} ${said}`;
    const { code: ours, ...found } = rows.find(({ matches }) => matches.test(text)) ?? {
        code: "ssh-unreachable" as const,
        seen: `the SSH connection failed (${said})`,
        advice: sshdRuns,
        again: true,
    };
    return failure(connection, ours, found.seen, found.advice, found.again, error);
}

const slow: Record<Phase, string> = {
    connect: "nothing answered",
    handshake: "the port is open, but no SSH handshake was completed",
    exchange: "the port is open, but no SSH handshake was completed",
    authenticate: "the login was not completed",
};

/** The host hung up when SSH had begun: neither MaxStartups nor another service does that. */
export function endedInExchange(connection: ResolvedConnection, cause: unknown): IsardvdiError {
    const seen = "the host closed the connection while keys were exchanged";
    const advice = "Its log says why (journalctl -u ssh), or something in between ends connections.";
    return failure(connection, "ssh-unreachable", seen, advice, true, cause);
}

export function dialTimeout(connection: ResolvedConnection, phase: Phase, seconds: number): IsardvdiError {
    const { advice } = rows[2] ?? { advice: sshdRuns };
    return failure(connection, "ssh-unreachable", `${slow[phase]} within ${seconds} s`, advice, true);
}

/** SHA-1 and DSA signatures, which OpenSSH refuses as well. */
const BROKEN = new Set(["ssh-rsa", "ssh-dss"]);

/** No host key that both know; `offered` is what the host has. */
export function noHostKey(connection: ResolvedConnection, offered: readonly string[]): IsardvdiError {
    const names = offered.map((each) => saidLine(each, 60));
    if (names.length > 0 && names.every((each) => BROKEN.has(each))) {
        const seen = `the host signs its host key with ${names.join(", ")} (SHA-1) alone, which is refused, as OpenSSH does`;
        const advice =
            "Update its OpenSSH to 7.2 or later, whose RSA keys sign with rsa-sha2-512, or give it an ed25519 key (ssh-keygen -A; HostKey and HostKeyAlgorithms in its sshd_config).";
        return failure(connection, "unsupported", seen, advice, false);
    }
    const seen = `client and host have no kind of host key in common${names.length > 0 ? ` (the host has ${saidLine(names.join(", "))})` : ""}`;
    return failure(connection, "unsupported", seen, "Give the host an ed25519 key: ssh-keygen -A there.", false);
}

export function failure(
    connection: ResolvedConnection,
    code: ErrorCode,
    seen: string,
    advice: string,
    retryable: boolean,
    cause?: unknown,
): IsardvdiError {
    const { notes = [] } = connection;
    return new IsardvdiError({
        code,
        action: "reach",
        resource: connectionName(connection),
        seen: [seen, ...notes].join("; "),
        advice,
        retryable,
        cause,
    });
}
