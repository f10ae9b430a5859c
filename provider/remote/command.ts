import { asObject } from "../is-object";
import type { ConnectionArgs } from "../connection";
import { type ErrorCode, IsardvdiError } from "../errors";
import { connectionName } from "./name";
import type { RemoteCall } from "./remote";
import { failure } from "./dial/failures";
import { Interrupted, OutputTooLong } from "./shell/shell";
import { SessionRefused } from "./shell/start";

const TIMEOUT_MS = 60_000;
const STATUS_MS = 5000;

/** Nothing is silent for long, and an abort of the caller's is told from a failure of the host's. */
export async function askedOf<T>(connection: ConnectionArgs, call: RemoteCall, work: () => Promise<T>): Promise<T> {
    const name = connectionName(connection);
    let seconds = 0;
    const heart = setInterval(() => {
        seconds += STATUS_MS / 1000;
        call.log.status(`waiting for ${name} (${seconds} s)`);
    }, STATUS_MS);
    try {
        call.signal.throwIfAborted();
        return await work();
    } catch (error) {
        if (error instanceof IsardvdiError || !call.signal.aborted) throw error;
        throw abortedBy(connection, call.signal.reason);
    } finally {
        clearInterval(heart);
    }
}

/** Rejects at once when the call is aborted or its time is over; `work` learns of both through its signal. */
export function bounded<T>(
    connection: ConnectionArgs,
    call: RemoteCall,
    work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
    const { timeoutMs = TIMEOUT_MS, signal } = call;
    const over = new AbortController();
    return new Promise<T>((resolve, reject) => {
        const stop = (reason: Error): void => {
            over.abort(reason);
            reject(reason);
        };
        const onAbort = (): void => stop(abortedBy(connection, signal.reason));
        const timer = setTimeout(() => stop(timedOut(connection, timeoutMs)), timeoutMs);
        signal.addEventListener("abort", onAbort, { once: true });
        work(over.signal)
            .then(resolve, reject)
            .finally(() => {
                clearTimeout(timer);
                signal.removeEventListener("abort", onAbort);
            });
    });
}

/** No shell can carry a NUL: a defect of the caller's, found before anything is sent. */
export function checkScript(connection: ConnectionArgs, script: string, input = ""): void {
    if (!script.includes("\0") && !input.includes("\0")) return;
    throw refusal(connection, "bad-input", "the command holds a NUL character", "Take it out: no shell can carry it.");
}

export function commandFailure(connection: ConnectionArgs, error: unknown): unknown {
    if (error instanceof SessionRefused) {
        const advice = "Raise MaxSessions in its sshd_config, or let the key open a session (authorized_keys).";
        return failure(connection, "forbidden", "the host opens no session", advice, false);
    }
    if (error instanceof Interrupted) {
        const seen = "the connection was lost while the command ran, so its outcome is unknown";
        return refusal(connection, "ssh-interrupted", seen, "Run it again: what is there by then is read first.", true);
    }
    if (error instanceof OutputTooLong) {
        return refusal(connection, "unexpected-answer", `the command printed ${error.message}`, "Look at the host.");
    }
    return error;
}

/** Why the host opened no stream to an address. */
export function streamFailure(connection: ConnectionArgs, address: string, error: unknown): unknown {
    const { reason } = asObject(error);
    if (reason === undefined) return error;
    // RFC 4254, 5.1: administratively prohibited
    const forbidden = reason === 1;
    return new IsardvdiError({
        code: forbidden ? "forbidden" : "unreachable",
        action: "open",
        resource: `a stream from ${connectionName(connection)} to ${address}`,
        seen: forbidden ? "the host's sshd refuses to forward" : "nothing accepts connections there",
        advice: forbidden
            ? "Allow it: AllowTcpForwarding and PermitOpen in its sshd_config."
            : "Check that the service runs and listens there.",
        retryable: !forbidden,
        cause: error,
    });
}

function abortedBy(connection: ConnectionArgs, reason: unknown): IsardvdiError {
    if (reason instanceof IsardvdiError) return reason;
    const late = reason instanceof Error && reason.name === "TimeoutError";
    return late
        ? refusal(connection, "timeout", "the host took too long", "Try again, or allow more time.", true)
        : refusal(connection, "cancelled", "the run was cancelled", "Run it again to go on.", true);
}

function timedOut(connection: ConnectionArgs, ms: number): IsardvdiError {
    const seen = `it was not done within ${ms / 1000} s`;
    return refusal(connection, "timeout", seen, "Look at the host's load, then try again.", true);
}

function refusal(
    connection: ConnectionArgs,
    code: ErrorCode,
    seen: string,
    advice: string,
    retryable = false,
): IsardvdiError {
    const resource = connectionName(connection);
    return new IsardvdiError({ code, action: "run a command on", resource, seen, advice, retryable });
}
