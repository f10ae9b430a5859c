import { ERROR, RESPONSE, type Response } from "./protocol";

/** A query that the server refuses; the place in the query is added on the way out. */
export class ReqlError extends Error {
    readonly backtrace: (number | string)[] = [];

    constructor(
        message: string,
        readonly kind: number = ERROR.QUERY_LOGIC,
        readonly response: number = RESPONSE.RUNTIME_ERROR,
    ) {
        super(message);
    }

    answer(): Response {
        const { message, kind, response, backtrace } = this;
        return { t: response, r: [message], b: backtrace, ...(response === RESPONSE.RUNTIME_ERROR && { e: kind }) };
    }
}

export const missing = (message: string): ReqlError => new ReqlError(message, ERROR.NON_EXISTENCE);
export const failed = (message: string): ReqlError => new ReqlError(message, ERROR.OP_FAILED);
