import { part, text, type Row } from "../row";
import type { Site } from "../site";
import { Failure } from "../web/failure";
import { isSignedWith, readToken } from "./jwt";

export type Role = "admin" | "hypervisor" | "other";

/** Reads and checks a token the way both generations of the API do; `leeway` is in seconds. */
export function admit(site: Site, token: string, leeway: number): { claims: Row; role: Role } {
    const claims = readToken(token);
    if (!claims) throw new Failure("unauthorized", "Bad token format");
    const secret = secretOf(site, claims);
    if (!secret) throw new Failure("unauthorized", "Unable to parse authentication token");
    if (!isSignedWith(token, secret)) throw new Failure("unauthorized", "Error when decoding token");
    checkTimes(claims, site.clock.epochSeconds(), leeway);
    if (!("data" in claims)) throw new Error("KeyError: 'data'");
    checkSession(site, claims);
    const type = text(claims, "type");
    const isApiKey = claims.session_id === "api-key";
    const isService = site.settings.generation === "v4" && claims.session_id === "isardvdi-service";
    if (type !== "" && type !== "login" && !isApiKey && !isService) throw notForThis();
    if (isApiKey && site.settings.generation === "v3") checkStoredKey(site, claims, token);
    const role = part(claims, "data").role_id;
    return { claims, role: role === "admin" || role === "hypervisor" ? role : "other" };
}

export function notEnoughRights(): Failure {
    return new Failure("forbidden", "Not enough rights.");
}

function notForThis(): Failure {
    return new Failure("forbidden", "Token not valid for this operation.");
}

function secretOf(site: Site, claims: Row): string | undefined {
    if (claims.kid === "isardvdi") return site.settings.apiSecret;
    if (claims.kid === "isardvdi-hypervisors") return site.settings.hypervisorsSecret;
    return undefined;
}

function checkTimes(claims: Row, now: number, leeway: number): void {
    const { exp, nbf, iat } = claims;
    if (typeof exp === "number" && now - leeway >= exp) {
        throw new Failure("unauthorized", "Token expired", "token_expired", claims);
    }
    for (const start of [nbf, iat]) {
        if (typeof start === "number" && start > now + leeway) {
            throw new Failure("unauthorized", "Error when decoding token");
        }
    }
}

function checkSession(site: Site, claims: Row): void {
    const session = text(claims, "session_id");
    if (session === "") throw new Failure("unauthorized", "No session provided");
    if (session === "isardvdi-service" || session === "api-key") return;
    if (!site.sessions.isOpen(session)) throw new Failure("unauthorized", "Session expired");
}

/** Only the older API compares a key with the one the user holds now. */
function checkStoredKey(site: Site, claims: Row, token: string): void {
    const user = site.sessions.users.find((one) => one.id === part(claims, "data").user_id);
    if (!user?.apiKey) throw new Failure("not_found", "API key not found");
    if (user.apiKey !== token) throw notForThis();
}
