import { isRow, part, text } from "../row";
import type { Site } from "../site";
import { formFields, json, jsonBody, plain, type Answer, type ApiRequest } from "../web/exchange";
import type { Route } from "../web/routes";
import { isSignedWith, readToken } from "./jwt";
import type { User } from "./sessions";

const FREE_FAILURES = 10;
const MAX_KEY_MINUTES = 525_600;

const refused = (error: string, msg: string, status = 401): Answer => json({ error, msg }, status);

/** The authentication service, which stands beside both generations of the API. */
export function authenticationRoutes(site: Site): Route[] {
    const route = (method: Route["method"], path: string, handle: Route["handle"]): Route => ({
        method,
        path: `/authentication${path}`,
        access: "open",
        failure: "internal server error",
        handle,
    });
    return [
        route("POST", "/login", loginOf(site)),
        route("POST", "/renew", (request) => {
            const claims = bearer(site, request);
            if (!claims) return refused("missing_token", "missing JWT token");
            const token = site.sessions.renew(text(claims, "session_id"));
            return token ? json({ token }) : refused("invalid_session", "the session is invalid or has expired");
        }),
        route("POST", "/logout", (request) => {
            const claims = bearer(site, request);
            if (!claims) return refused("missing_token", "missing JWT token");
            site.sessions.close(text(claims, "session_id"));
            return json({});
        }),
        route("GET", "/check", (request) =>
            current(site, request) ? json({}) : refused("invalid_token", "invalid token"),
        ),
        route("PUT", "/api-key", (request) => {
            const user = current(site, request);
            if (!user) return refused("invalid_token", "invalid token");
            if (user.role === "user") return refused("user_disallowed", "role is not allowed to have API keys", 403);
            const body = jsonBody(request);
            const minutes = isRow(body) ? body.expiration_minutes : undefined;
            if (typeof minutes !== "number" || !Number.isInteger(minutes) || minutes < 1 || minutes > MAX_KEY_MINUTES) {
                return refused("bad_request", "expiration_minutes must be between 1 and 525600", 400);
            }
            return json({ api_key: site.sessions.apiKey(user, minutes) });
        }),
    ];
}

function loginOf(site: Site): Route["handle"] {
    const failures = new Map<string, { count: number; blockedUntil: number }>();
    return async (request) => {
        const category = request.query.get("category_id") ?? "";
        if (request.query.get("provider") !== "form") return refused("bad_request", "unknown provider", 400);
        const multipart = (request.headers["content-type"] ?? "").startsWith("multipart/form-data");
        const { username = "", password = "" } = multipart ? await formFields(request) : {};
        if (username === "" || password === "")
            return refused("bad_request", "username and password are required", 400);
        const key = `${category}/${username}`;
        const before = failures.get(key) ?? { count: 0, blockedUntil: 0 };
        if (before.blockedUntil > site.clock.epochMs()) {
            const headers = { "retry-after": new Date(before.blockedUntil).toUTCString() };
            return plain("too many login attempts", 429, headers);
        }
        const user = site.sessions.users.find((one) => one.username === username && one.category === category);
        if (user?.password !== password) {
            const count = before.count + 1;
            // the wait grows with the square of the failures beyond the free ones
            const minutes = count < FREE_FAILURES ? 0 : Math.min(15, Math.max(1, (count - FREE_FAILURES) ** 2));
            failures.set(key, { count, blockedUntil: site.clock.epochMs() + minutes * 60_000 });
            return refused("invalid_credentials", "invalid credentials");
        }
        failures.delete(key);
        if (user.disabled) return refused("user_disabled", "disabled user", 403);
        const token = site.sessions.open(user);
        return plain(token, 200, {
            authorization: `Bearer ${token}`,
            "set-cookie": `authorization=${token}; Path=/; Secure; SameSite=Strict`,
        });
    };
}

/** Claims of a token with a right signature, expired or not. */
function bearer(site: Site, request: ApiRequest): Record<string, unknown> | undefined {
    const token = (request.headers.authorization ?? "").replace(/^Bearer /i, "");
    const claims = readToken(token);
    return claims && isSignedWith(token, site.settings.apiSecret) ? claims : undefined;
}

function current(site: Site, request: ApiRequest): User | undefined {
    const claims = bearer(site, request);
    if (!claims || !site.sessions.isOpen(text(claims, "session_id"))) return undefined;
    return site.sessions.users.find((user) => user.id === part(claims, "data").user_id);
}
