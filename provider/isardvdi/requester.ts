import { IsardvdiError } from "../errors";
import { audibly } from "../wait/beat";
import type { Clock } from "../world";
import type { Call } from "./api";
import { type Answer, classify } from "./answers";
import type { Body } from "./bodies";
import type { TokenSource } from "./credentials";
import type { Endpoint } from "./endpoints";
import { gate } from "./gate";
import { asFailure, type Transport, TransportError } from "./transport";

/** Milliseconds before each repetition, doubled by up to half of itself at random. */
const pauses = [250, 500, 1000, 2000, 4000];
const requestTimeoutMs = 30_000;

export interface RequesterOptions {
    clock: Clock;
    random: () => number;
    maxConcurrent: number;
}

export type Requester = (endpoint: Endpoint, id: string, resource: string, call: Call, body?: Body) => Promise<Answer>;

/** Sends one request: authorized, bounded, repeated where that is safe, each answer classified. */
export function openRequester(transport: Transport, tokens: TokenSource, options: RequesterOptions): Requester {
    const enter = gate(options.maxConcurrent);

    const send = async (endpoint: Endpoint, id: string, call: Call, body: Body | undefined): Promise<Answer> => {
        const leave = await enter(call.signal);
        try {
            let token = "";
            const request = async () => {
                token = await tokens.token(call);
                return transport({
                    method: endpoint.method,
                    path: endpoint.path(id),
                    headers: { authorization: `Bearer ${token}` },
                    body,
                    timeoutMs: endpoint.timeoutMs ?? requestTimeoutMs,
                    signal: call.signal,
                });
            };
            const answer = await request();
            // once: a session that somebody else's login ended, or a clock that went wrong, is mended by a new token
            return answer.status === 401 && (await tokens.renew(answer, token, call)) ? await request() : answer;
        } finally {
            leave();
        }
    };

    return async (endpoint, id, resource, call, body) => {
        for (const pause of [...pauses, undefined]) {
            // a slow server, or a long queue for it, is no reason for silence
            const failure = await audibly(
                { ...call, clock: options.clock },
                `waiting for the server to ${endpoint.action} ${resource}`,
                () => attempt(endpoint, id, resource, call, body),
            );
            if (!(failure instanceof Problem)) return failure;
            if (!failure.mayRepeat || pause === undefined) throw failure.error;
            const wait = Math.round(pause * (1 + options.random() / 2));
            call.log.status(`${failure.error.seen}; trying again in ${(wait / 1000).toFixed(1)} s`);
            await options.clock.sleep(wait, call.signal).catch(() => undefined);
        }
        throw new Error("unreachable: the last pause throws");
    };

    async function attempt(
        endpoint: Endpoint,
        id: string,
        resource: string,
        call: Call,
        body: Body | undefined,
    ): Promise<Answer | Problem> {
        try {
            call.signal.throwIfAborted();
            const answer = await send(endpoint, id, call, body);
            // JSON that cannot be read is no empty answer: a list cut off in the middle would look like no list at all
            const isRead = answer.text === "" ? answer.status !== 200 : answer.body !== undefined;
            if (answer.status < 300 && (isRead || endpoint.isPlain)) return answer;
            const { retryable = false, advice, ...kind } = classify(answer);
            const error = new IsardvdiError({
                ...kind,
                advice: `${advice}.`,
                retryable,
                status: answer.status,
                action: endpoint.action,
                resource,
            });
            return new Problem(error, retryable && endpoint.repeatable);
        } catch (error) {
            if (call.signal.aborted) throw cancelled(endpoint.action, resource);
            // only the log-in throws these, so the request itself was never made
            if (error instanceof IsardvdiError) return new Problem(error, error.retryable);
            if (!(error instanceof TransportError)) throw error;
            return new Problem(
                asFailure(error, endpoint.action, resource),
                error.row.retryable && (endpoint.repeatable || error.row.unsent),
            );
        }
    }
}

class Problem {
    constructor(
        readonly error: IsardvdiError,
        readonly mayRepeat: boolean,
    ) {}
}

const cancelled = (action: string, resource: string): IsardvdiError =>
    new IsardvdiError({
        code: "cancelled",
        action,
        resource,
        seen: "the run was cancelled",
        advice: "The next pulumi up goes on from here.",
    });
