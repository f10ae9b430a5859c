/** The kinds of failure that the API names, with the status each one travels under. */
const STATUS = {
    bad_request: 400,
    unauthorized: 401,
    forbidden: 403,
    not_found: 404,
    conflict: 409,
    precondition_required: 428,
    too_many_requests: 429,
    internal_server: 500,
} as const;

export type FailureKind = keyof typeof STATUS;

/** A failure that the API answers with its own body. */
export class Failure extends Error {
    readonly status: number;

    constructor(
        readonly kind: FailureKind,
        readonly description: string,
        readonly code: string = kind,
        readonly data: unknown = null,
    ) {
        super(description);
        this.status = STATUS[kind];
    }
}

/** The body every application error has; v4 keeps the inner fields empty outward. */
export function failureBody(failure: Failure, inner: { debug: string; function: string; request: string }): object {
    return {
        error: failure.kind,
        msg: failure.description,
        description_code: failure.code,
        function: inner.function,
        function_call: inner.function,
        description: failure.description,
        debug: inner.debug,
        request: inner.request,
        data: failure.data,
        params: {},
    };
}
