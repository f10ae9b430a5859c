import type { Clock } from "../world";
import type { Answer } from "./answers";
import type { Call, SiteSettings } from "./api";
import { openSession } from "./session";
import type { Transport } from "./transport";

/** Where the bearer token of each request comes from. */
export interface TokenSource {
    token(call: Call): Promise<string>;
    /** Called on a 401 for the token that was refused; true when another one is worth one more try. */
    renew(answer: Answer & { date?: string | undefined }, refused: string, call: Call): Promise<boolean>;
}

/** The server's clock as its answers tell it: ours may be wrong by hours, and tokens live by the server's. */
export class ServerClock {
    private offsetMs = 0;
    constructor(private readonly clock: Clock) {}

    observe(date: string | undefined): void {
        const server = Date.parse(date ?? "");
        if (!Number.isNaN(server)) this.offsetMs = server - this.clock.now();
    }

    now(): number {
        return this.clock.now() + this.offsetMs;
    }
}

export function openTokens(
    settings: SiteSettings,
    transport: Transport,
    clock: Clock,
    server: ServerClock,
): TokenSource {
    const { credentials } = settings;
    if (credentials.kind === "token") {
        return { token: () => Promise.resolve(credentials.apiToken), renew: () => Promise.resolve(false) };
    }
    if (credentials.kind === "login") return openSession(credentials, transport, clock);
    return {
        token: () => serviceToken(credentials.apiSecret, credentials.apiSecretKid, server),
        renew(answer) {
            if (!/token_expired|Token expired/.test(answer.text)) return Promise.resolve(false);
            server.observe(answer.date);
            return Promise.resolve(true);
        },
    };
}

/** Seconds; minted for each request, so that a stolen one is worth nothing. */
const lifetime = 30;
const roles: Record<string, string> = { isardvdi: "admin", "isardvdi-hypervisors": "hypervisor" };

async function serviceToken(secret: string, kid: string, server: ServerClock): Promise<string> {
    const { SignJWT } = await import("jose");
    const data = {
        role_id: roles[kid] ?? "admin",
        category_id: kid === "isardvdi" ? "*" : "default",
        user_id: "pulumi-isardvdi",
    };
    // IsardVDI reads the kid from the payload; the secret is taken as text, never decoded
    return new SignJWT({ kid, session_id: "isardvdi-service", data })
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setExpirationTime(Math.floor(server.now() / 1000) + lifetime)
        .sign(new TextEncoder().encode(secret));
}
