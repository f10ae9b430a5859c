import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox";
import { stopAll } from "./process";
import type { Config } from "./settings";
import { Stack } from "./stack";

/** A site under test, its stacks, and everything ended after the tests. */
export class Site {
    private readonly stacks: Stack[] = [];

    private constructor(readonly sandbox: Sandbox) {}

    static async start(options: SandboxOptions = {}): Promise<Site> {
        return new Site(await startSandbox({ timeScale: 50, ...options }));
    }

    /** A stack that may call the site's API with its secret; `config` overrides, empty values are left out. */
    async stack(config: Config = {}, environment: Record<string, string> = {}): Promise<Stack> {
        const { apiUrl, apiSecret } = this.sandbox;
        const all = Object.entries({ apiUrl, apiSecret, ...config }).filter(([, value]) => value !== "");
        const stack = await Stack.create(Object.fromEntries(all), environment);
        this.stacks.push(stack);
        return stack;
    }

    async stop(): Promise<void> {
        stopAll();
        await this.sandbox.stop();
        this.stacks.forEach((stack) => stack.remove());
    }

    /** The requests since the last look that changed something, as "METHOD path". */
    writes(): string[] {
        const requests = this.sandbox.requests.splice(0);
        return requests.filter((each) => isWrite(each)).map(({ method, path }) => `${method} ${path}`);
    }

    row(id: string): Record<string, unknown> | undefined {
        return this.sandbox.hypervisors.get(id);
    }

    /** An administrator's token that expires so many seconds from now. */
    token(lifetime: number): string {
        return serviceToken(this.sandbox.apiSecret, lifetime);
    }

    /** The private end of a hypervisor's tunnel, as the row has it. */
    vpnKey(id: string): string {
        const { wireguard } = this.row(id)?.["vpn"] as { wireguard: { keys: { private: string } } };
        return wireguard.keys.private;
    }

    /** A call of the API as another administrator makes it, past the provider. */
    async call(method: string, path: string, body?: unknown): Promise<unknown> {
        const response = await fetch(this.sandbox.apiUrl + path, {
            method,
            headers: {
                authorization: `Bearer ${this.token(20)}`,
                ...(body !== undefined && { "content-type": "application/json" }),
            },
            ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
        const text = await response.text();
        return text === "" ? undefined : (JSON.parse(text) as unknown);
    }

    /** A hypervisor that somebody else has registered and enabled. */
    async registered(id: string, hostname: string): Promise<void> {
        await this.call("POST", "/api/v4/admin/item/hypervisor", { hyper_id: id, hostname, kvm_module: "intel" });
        await this.call("PUT", `/api/v4/admin/item/hypervisor/${id}`, { enabled: true });
        await until(`${id} is Online`, () => this.row(id)?.["status"] === "Online");
        this.sandbox.clearRequests();
    }
}

const isWrite = ({ method, path }: { method: string; path: string }): boolean =>
    // v3 reads tables with a POST
    method !== "GET" && !(method === "POST" && /\/table\/[a-z]+$/.test(path));

export async function until(what: string, condition: () => boolean, timeoutMs = 60_000): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!condition()) {
        if (Date.now() > end) throw new Error(`never happened: ${what}`);
        await sleep(10);
    }
}

function serviceToken(secret: string, lifetime: number): string {
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
        kid: "isardvdi",
        session_id: "isardvdi-service",
        exp: Math.floor(Date.now() / 1000) + lifetime,
        data: { role_id: "admin", category_id: "default", user_id: "somebody-else" },
    };
    const content = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
    return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}
