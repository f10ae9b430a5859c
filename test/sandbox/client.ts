import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox, type Row, type Sandbox, type SandboxOptions } from "../../sandbox";

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token signed here, not by the sandbox's own code. */
export function token(secret: string, claims: object): string {
    const content = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
    return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}

export function serviceClaims(role = "admin"): Row {
    return {
        kid: role === "hypervisor" ? "isardvdi-hypervisors" : "isardvdi",
        session_id: "isardvdi-service",
        exp: Math.floor(Date.now() / 1000) + 20,
        data: { role_id: role, category_id: "default", user_id: "test" },
    };
}

export interface Reply {
    status: number;
    type: string;
    body: unknown;
    row: Row;
    headers: Headers;
}

/** A site with a plain fetch at hand, as an administrator unless other headers are given. */
export interface Rig {
    sandbox: Sandbox;
    call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;
    row: (id: string) => Row | undefined;
    until: (what: string, condition: () => boolean) => Promise<void>;
}

export async function rig(options: SandboxOptions = {}): Promise<Rig> {
    const sandbox = await startSandbox({ timeScale: 20, ...options });
    return {
        sandbox,
        call: async (method, path, body, headers) => {
            const authorization = `Bearer ${token(sandbox.apiSecret, serviceClaims())}`;
            const form = body instanceof FormData || body instanceof URLSearchParams;
            const response = await fetch(sandbox.apiUrl + path, {
                method,
                redirect: "manual",
                headers: {
                    ...(body !== undefined && !form && { "content-type": "application/json" }),
                    ...(headers ?? { authorization }),
                },
                ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
            });
            const content = await response.text();
            const type = response.headers.get("content-type") ?? "";
            const parsed: unknown = type.startsWith("application/json") ? JSON.parse(content) : content;
            return { status: response.status, type, body: parsed, row: parsed as Row, headers: response.headers };
        },
        row: (id) => sandbox.hypervisors.get(id),
        until: async (what, condition) => {
            // before mocha ends the test and tells less
            const end = Date.now() + 55_000;
            while (!condition()) {
                if (Date.now() > end) throw new Error(`never happened: ${what}`);
                await sleep(5);
            }
        },
    };
}

export const HYPERVISOR = { hyper_id: "hyper-1", hostname: "h1", kvm_module: "intel" };
