import { randomUUID } from "node:crypto";
import type { SiteClock } from "../clock";
import type { Settings } from "../options";
import type { Row } from "../row";
import { signToken } from "./jwt";

export interface User {
    id: string;
    username: string;
    password: string;
    category: string;
    role: "admin" | "manager" | "advanced" | "user";
    apiKey?: string;
    disabled?: boolean;
}

interface Session {
    id: string;
    userId: string;
    /** Epoch seconds by the server's clock. */
    expires: number;
    renewableUntil: number;
}

const RENEWABLE_SECONDS = 1800;

/** The users of the site and their sessions: one each, a new login ends the one before. */
export class Sessions {
    readonly users: User[] = (["admin", "manager", "user"] as const).map((role) => ({
        id: `local-default-${role}-${role}`,
        username: role,
        password: role === "admin" ? "IsardVDI" : role,
        category: "default",
        role,
    }));
    private readonly byId = new Map<string, Session>();

    constructor(
        private readonly clock: SiteClock,
        private readonly settings: Settings,
    ) {}

    open(user: User): string {
        for (const session of this.byId.values()) if (session.userId === user.id) this.byId.delete(session.id);
        const session = { id: randomUUID(), userId: user.id, expires: 0, renewableUntil: 0 };
        this.byId.set(session.id, session);
        return this.tokenOf(session, user);
    }

    /** A new token for the session; undefined when it is gone or too old. */
    renew(sessionId: string): string | undefined {
        const session = this.byId.get(sessionId);
        const user = this.users.find((one) => one.id === session?.userId);
        if (!session || !user || this.clock.epochSeconds() > session.renewableUntil) return undefined;
        return this.tokenOf(session, user);
    }

    close(sessionId: string): void {
        this.byId.delete(sessionId);
    }

    isOpen(sessionId: string): boolean {
        const session = this.byId.get(sessionId);
        return session !== undefined && this.clock.epochMs() <= session.expires * 1000;
    }

    apiKey(user: User, minutes: number): string {
        const now = this.clock.epochSeconds();
        const claims = { ...claimsOf(user, now, now + minutes * 60), session_id: "api-key", type: "external" };
        return (user.apiKey = signToken(claims, this.settings.apiSecret));
    }

    private tokenOf(session: Session, user: User): string {
        const now = this.clock.epochSeconds();
        session.expires = now + this.settings.sessionSeconds;
        session.renewableUntil = now + RENEWABLE_SECONDS;
        const claims = { ...claimsOf(user, now, session.expires), session_id: session.id, type: "" };
        return signToken(claims, this.settings.apiSecret);
    }
}

function claimsOf(user: User, now: number, expires: number): Row {
    return {
        kid: "isardvdi",
        iss: "isard-authentication",
        sub: user.id,
        iat: now,
        nbf: now,
        exp: expires,
        data: {
            provider: "local",
            user_id: user.id,
            role_id: user.role,
            category_id: user.category,
            group_id: `${user.category}-${user.category}`,
            name: user.username,
        },
    };
}
