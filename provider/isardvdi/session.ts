import { asObject } from "../is-object";
import { IsardvdiError } from "../errors";
import { abortable } from "../wait/abortable";
import type { Clock } from "../world";
import { type Answer, classify } from "./answers";
import type { Credentials } from "./api";
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
    // shared by all who wait for it, so no single one of them can cancel it
    const { signal } = new AbortController();

    /** The first who finds `old` wanting makes the next one; whoever comes later waits for the same. */
    const replace = (old: Promise<Held> | undefined, make: () => Promise<Held>): Promise<Held> => {
        if (held && held !== old) return held;
        const making = make();
        held = making;
        making.catch(() => {
            if (held === making) held = undefined;
        });
        return making;
    };
    const login = async (): Promise<Held> => {
        const path = `/authentication/login?provider=form&category_id=${encodeURIComponent(credentials.category)}`;
        const { username, password } = credentials;
        const answer = await ask(() =>
            transport({
                method: "POST",
                path,
                body: { multipart: { username, password } },
                timeoutMs,
                signal,
            }),
        );
        if (answer.status !== 200 || !/^eyJ/.test(answer.text.trim())) throw refused(answer);
        return heldOf(answer.text.trim());
    };
    const prolong = async ({ token }: Held): Promise<Held> => {
        const headers = { authorization: `Bearer ${token}` };
        const answer = await ask(() =>
            transport({
                method: "POST",
                path: "/authentication/renew",
                headers,
                body: { json: {} },
                timeoutMs,
                signal,
            }),
        );
        const { token: renewed } = asObject(answer.body);
        // a session has a longest life, after which only a login helps
        return answer.status === 200 && typeof renewed === "string" ? heldOf(renewed) : login();
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
            const made = held ?? replace(undefined, login);
            const current = await abortable(made, call.signal);
            if (clock.now() < current.renewAt) return current.token;
            return (
                await abortable(
                    replace(made, () => prolong(current)),
                    call.signal,
                )
            ).token;
        },
        async renew(answer, refused, call) {
            if (!/expired|session/i.test(answer.text)) return false;
            const made = held;
            const current = await made?.catch(() => undefined);
            // each login ends the session before it: those that were refused together need one, not one each
            if (!current || current.token === refused) await abortable(replace(made, login), call.signal);
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

/** The portal leads /authentication to a service of its own, not to the API. */
const away = {
    seen: "the portal answers, but isard-authentication behind it does not",
    advice: "Check that the container isard-authentication runs on the server",
};

function refused(answer: Answer): IsardvdiError {
    const { advice, ...kind } = { ...classify(answer), ...(answer.status >= 502 && answer.status <= 504 ? away : {}) };
    const wait = answer.retryAfter ? ` The server asks to wait until ${answer.retryAfter}.` : "";
    return new IsardvdiError({
        ...kind,
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
