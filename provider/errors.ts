/** The closed set of failures; a caller branches on the code, a person reads the message. */
export type ErrorCode =
    | "bad-input"
    | "bad-configuration"
    | "missing-credentials"
    | "unreachable"
    | "tls"
    | "wrong-generation"
    | "unauthorized"
    | "forbidden"
    | "rejected"
    | "not-found"
    | "conflict"
    | "not-ready"
    | "maintenance"
    | "server-error"
    | "unexpected-answer"
    | "ssh-unreachable"
    | "ssh-interrupted"
    | "host-key"
    | "dns"
    | "certificates"
    | "unsupported"
    | "mode-mismatch"
    | "deleted"
    | "timeout"
    | "cancelled";

export interface Failure {
    code: ErrorCode;
    /** What was tried, as a verb: "register". */
    action: string;
    /** On what: 'hypervisor "h1"'. */
    resource: string;
    /** What was seen, without a closing full stop. */
    seen: string;
    /** What to do about it: one sentence or two. */
    advice: string;
    /** The input property or configuration key at fault. */
    property?: string | undefined;
    /** True when the same request may be repeated and could then succeed. */
    retryable?: boolean | undefined;
    /** HTTP status of the answer, when there was one. */
    status?: number | undefined;
    cause?: unknown;
}

/** "Unable to ACTION RESOURCE: what was seen. What to do." */
export class IsardvdiError extends Error {
    readonly code: ErrorCode;
    readonly advice: string;
    readonly seen: string;
    readonly property: string | undefined;
    readonly retryable: boolean;
    readonly status: number | undefined;
    readonly #failure: Failure;

    constructor(failure: Failure) {
        super(`Unable to ${failure.action} ${failure.resource}: ${failure.seen}. ${failure.advice}`, {
            cause: failure.cause,
        });
        this.name = "IsardvdiError";
        this.code = failure.code;
        this.seen = failure.seen;
        this.advice = failure.advice;
        this.property = failure.property;
        this.retryable = failure.retryable ?? false;
        this.status = failure.status;
        this.#failure = failure;
    }

    /** The same failure, with more known of what was seen. */
    toldAs(seen: string): IsardvdiError {
        return new IsardvdiError({ ...this.#failure, seen });
    }

    /** The same failure, with more known of what to do. */
    advised(advice: string): IsardvdiError {
        return new IsardvdiError({ ...this.#failure, advice });
    }
}

export function isCode(error: unknown, ...codes: ErrorCode[]): error is IsardvdiError {
    return error instanceof IsardvdiError && codes.includes(error.code);
}
