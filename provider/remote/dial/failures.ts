import type { ConnectionArgs } from "../../connection";
import { type ErrorCode, IsardvdiError } from "../../errors";
import { connectionName } from "../name";

/** How far a dial had come. */
export type Phase = "connect" | "handshake" | "authenticate";

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
        "Too many logins at once (MaxStartups), a ban (fail2ban) or another service on this port do that.",
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

/** A failed dial in our words; `retryable` says that another dial may succeed. */
export function dialFailure(connection: ConnectionArgs, error: unknown): IsardvdiError {
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
    authenticate: "the login was not completed",
};

export function dialTimeout(connection: ConnectionArgs, phase: Phase, seconds: number): IsardvdiError {
    const { advice } = rows[2] ?? { advice: sshdRuns };
    return failure(connection, "ssh-unreachable", `${slow[phase]} within ${seconds} s`, advice, true);
}

export interface Attempts {
    tried: readonly string[];
    /** What the host would have taken, by its own last word. */
    allowed: readonly string[];
    notes: readonly string[];
}

export function authenticationRefused(connection: ConnectionArgs, attempts: Attempts): IsardvdiError {
    const { user = "root" } = connection;
    const tried = attempts.tried.length > 0 ? `tried were ${attempts.tried.join(", ")}` : "there was nothing to try";
    const allowed = attempts.allowed.length > 0 ? `, the host takes ${attempts.allowed.join(", ").slice(0, 200)}` : "";
    const notes = attempts.notes.map((note) => `; ${note}`).join("");
    const advice =
        attempts.tried.length > 0
            ? `Check that the key stands in ~${user}/.ssh/authorized_keys there${user === "root" ? ", that PermitRootLogin allows root," : ""} and that user and password are right.`
            : "Set privateKey or password, or start an SSH agent that has a key.";
    return failure(connection, "unauthorized", `the login was refused: ${tried}${allowed}${notes}`, advice, false);
}

export function failure(
    connection: ConnectionArgs,
    code: ErrorCode,
    seen: string,
    advice: string,
    retryable: boolean,
    cause?: unknown,
): IsardvdiError {
    return new IsardvdiError({
        code,
        action: "reach",
        resource: connectionName(connection),
        seen,
        advice,
        retryable,
        cause,
    });
}
