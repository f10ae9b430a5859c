import type { AuthHandlerMiddleware } from "ssh2";
import type { Credential, Credentials } from "./credentials";

/** What a login has come to, for the message when it fails. */
export interface Said {
    readonly credentials: Credentials;
    tried: Credential[];
    /** One factor of several: accepted, and not enough. */
    passed: Credential[];
    /** What the host would take now, by its own last word. */
    allowed: readonly string[];
    banner: string;
    /** It is about this login: what every login is greeted with comes before any key is known. */
    isVerdict: boolean;
}

/** Offers one credential after the other, as far as the host takes its kind, and keeps account of it. */
export class Login {
    readonly said: Said;
    private left: Credential[];
    private current: Credential | undefined;
    private first = true;

    constructor(
        credentials: Credentials,
        private readonly user: string,
    ) {
        this.said = { credentials, tried: [], passed: [], allowed: [], banner: "", isVerdict: false };
        this.left = [...credentials.list];
    }

    /** ssh2 tells an agent's login neither which methods are left nor that it was half of one. */
    refused(allowed: readonly string[]): void {
        this.said.allowed = allowed;
    }

    told(banner: string): void {
        const { said } = this;
        said.isVerdict = said.banner !== "" || said.tried.some(({ known }) => known);
        said.banner = banner;
    }

    readonly handler: AuthHandlerMiddleware = (allowed, partial, next) => {
        const { said, current } = this;
        // null before the first attempt, whatever the type says; for an agent's key it is of the attempt before
        if ((allowed as string[] | null) && current?.method.type !== "agent") said.allowed = allowed;
        if (current && this.isHalf(current, partial)) {
            said.passed.push(current);
            this.left = said.credentials.list.filter((each) => !said.passed.includes(each));
        }
        this.current = undefined;
        if (this.first && this.left.length === 0) {
            this.first = false;
            // asks which methods the host would take
            return next({ type: "none", username: this.user });
        }
        this.first = false;
        for (let credential = this.left.shift(); credential; credential = this.left.shift()) {
            if (!takes(said.allowed, credential)) continue;
            this.current = credential;
            said.tried.push(credential);
            return next(credential.method);
        }
        // false ends the login, which the type does not know
        next(false as never);
    };

    private isHalf({ method, known }: Credential, partial: boolean): boolean {
        // a host that refuses a key goes on to take keys
        return method.type === "agent" ? known && !this.said.allowed.includes("publickey") : partial;
    }
}

function takes(allowed: readonly string[], { method }: Credential): boolean {
    return allowed.length === 0 || allowed.includes(method.type === "agent" ? "publickey" : method.type);
}
