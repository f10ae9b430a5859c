/** Numbers of the wire protocol, as the drivers have them. */
export const MAGIC_V1_0 = 0x34c2bdc3;

export const QUERY = { START: 1, CONTINUE: 2, STOP: 3, NOREPLY_WAIT: 4, SERVER_INFO: 5 } as const;

export const RESPONSE = {
    ATOM: 1,
    SEQUENCE: 2,
    PARTIAL: 3,
    WAIT_COMPLETE: 4,
    SERVER_INFO: 5,
    CLIENT_ERROR: 16,
    COMPILE_ERROR: 17,
    RUNTIME_ERROR: 18,
} as const;

export const NOTE = { SEQUENCE_FEED: 1, ATOM_FEED: 2, INCLUDES_STATES: 5 } as const;

export const ERROR = {
    QUERY_LOGIC: 3_000_000,
    NON_EXISTENCE: 3_100_000,
    OP_FAILED: 4_100_000,
    USER: 5_000_000,
    PERMISSION: 6_000_000,
} as const;

/** One answer: type, results, error type, backtrace and notes. */
export interface Response {
    t: number;
    r: unknown[];
    e?: number;
    b?: (number | string)[];
    n?: number[];
}
