import { IsardvdiError } from "../errors";
import type { Clock } from "../world";
import { type Answer, classify } from "./answers";
import type { Call, Credentials } from "./api";
import type { TokenSource } from "./credentials";
import { asFailure, type Transport, TransportError } from "./transport";

interface Held {
    token: string;
    renewAt: number;
}

const timeoutMs = 20_000;
const action = "log in to";
const resource = "the site";

/**
 * One login per process and site, shared by all requests: a second login with the same account would revoke
 * the first. Renewed at two thirds of its life; logged in again when somebody else has revoked it.
 */
export function openSession(
    credentials: Credentials & { kind: "login" },
    transport: Transport,
    clock: Clock,
): TokenSource {
    let held: Promise<Held> | undefined;

    const hold = (making: Promise<Held>): Promise<Held> => {
        held = making;
        making.catch(() => {
            if (held === making) held = undefined;
        });
        return making;
    };
    const login = async (call: Call): Promise<Held> => {
        const path = `/authentication/login?provider=form&category_id=${encodeURIComponent(credentials.category)}`;
        const { username, password } = credentials;
        const answer = await ask(() =>
            transport({
                method: "POST",
                path,
                body: { multipart: { username, password } },
                timeoutMs,
                signal: call.signal,
            }),
        );
        if (answer.status !== 200 || !/^eyJ/.test(answer.text.trim())) throw refused(answer);
        return heldOf(answer.text.trim());
    };
    const prolong = async ({ token }: Held, call: Call): Promise<Held> => {
        const headers = { authorization: `Bearer ${token}` };
        const answer = await ask(() =>
            transport({
                method: "POST",
                path: "/authentication/renew",
                headers,
                body: { json: {} },
                timeoutMs,
                signal: call.signal,
            }),
        );
        const renewed = (answer.body as { token?: unknown } | undefined)?.token;
        // a session has a longest life, after which only a login helps
        return answer.status === 200 && typeof renewed === "string" ? heldOf(renewed) : login(call);
    };
    const heldOf = async (token: string): Promise<Held> => {
        const { decodeJwt } = await import("jose");
        const { exp, iat, type } = decodeJwt(token) as { exp?: number; iat?: number; type?: string };
        if (type && type !== "login") throw incomplete(type);
        // by the token's own two times, for the server's clock is not ours
        const lifeMs = exp && iat ? (exp - iat) * 1000 : 60_000;
        return { token, renewAt: clock.now() + (lifeMs * 2) / 3 };
    };

    return {
        async token(call) {
            const current = await (held ?? hold(login(call)));
            if (clock.now() < current.renewAt) return current.token;
            const again = held && (await held);
            // another request may have renewed it while we waited
            if (again && again !== current && clock.now() < again.renewAt) return again.token;
            return (await hold(prolong(current, call))).token;
        },
        async renew(answer, call) {
            if (!/expired|session/i.test(answer.text)) return false;
            await hold(login(call));
            return true;
        },
    };
}

async function ask<T>(send: () => Promise<T>): Promise<T> {
    try {
        return await send();
    } catch (error) {
        throw error instanceof TransportError ? asFailure(error, action, resource) : error;
    }
}

function refused(answer: Answer): IsardvdiError {
    const { advice, ...kind } = classify(answer);
    const wait = answer.retryAfter ? ` The server asks to wait until ${answer.retryAfter}.` : "";
    return new IsardvdiError({
        ...kind,
        retryable: false,
        advice: `${advice}.${wait}`,
        status: answer.status,
        action,
        resource,
        property: "isardvdi:username",
    });
}

function incomplete(type: string): IsardvdiError {
    return new IsardvdiError({
        code: "forbidden",
        action,
        resource,
        seen: `the account has something to do first (${type.replaceAll("-", " ")})`,
        advice: "Log in once with a browser and finish that, or use an API key (isardvdi:apiToken).",
        property: "isardvdi:username",
    });
}
