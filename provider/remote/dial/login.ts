import type { AuthHandlerMiddleware } from "ssh2";
import type { Credential, Credentials } from "./credentials";
import type { Attempts } from "./failures";

/** Offers one credential after the other, as far as the host takes its kind, and keeps account of it. */
export function login({ list, notes }: Credentials, user: string): { handler: AuthHandlerMiddleware; said: Attempts } {
    const said = { tried: [] as string[], allowed: [] as string[], notes };
    const left = [...list];
    let first = true;
    return {
        said,
        handler: (allowed, _partial, next) => {
            // null before the first attempt, whatever the type says
            if (allowed as string[] | null) said.allowed = allowed;
            if (first && list.length === 0) {
                first = false;
                // asks which methods the host would take
                return next({ type: "none", username: user });
            }
            first = false;
            for (let credential = left.shift(); credential; credential = left.shift()) {
                if (!takes(said.allowed, credential)) continue;
                said.tried.push(credential.label);
                return next(credential.method);
            }
            // false ends the login, which the type does not know
            next(false as never);
        },
    };
}

function takes(allowed: readonly string[], { method }: Credential): boolean {
    return allowed.length === 0 || allowed.includes(method.type === "agent" ? "publickey" : method.type);
}
