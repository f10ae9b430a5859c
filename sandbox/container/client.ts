import { once } from "node:events";
import { request as plainRequest, type IncomingMessage } from "node:http";
import { request as tlsRequest } from "node:https";
import { isIPv4 } from "node:net";
import { signToken } from "../auth/jwt";
import type { Generation } from "../options";
import type { Row } from "../row";

/** Where the site's portal really listens, and what its certificate is checked against. */
export interface Portal {
    port: number;
    tls: boolean;
}

export interface Reply {
    status: number;
    body: string;
}

const TOKEN_SECONDS = { v4: 20, v3: 90 };

/** How the container speaks with the site's API: a token per request, JSON or a form, and the release's idea of TLS. */
export class ContainerClient {
    constructor(
        private readonly generation: Generation,
        private readonly domain: string,
        private readonly secret: string,
        /** None where the name leads nowhere. */
        private readonly portal: () => Portal | undefined,
    ) {}

    /** The wait for the API checks no certificate, whatever the release. */
    async answers(signal: AbortSignal): Promise<boolean> {
        const answer = await this.send("GET", "/", undefined, signal, false).catch(() => undefined);
        return answer !== undefined;
    }

    /** Of an endpoint as the newer release names it; the older one leaves `/admin/item` out. */
    async call(method: string, path: string, body: Row | undefined, signal: AbortSignal): Promise<Reply> {
        const full = this.generation === "v4" ? `/admin/item${path}` : path;
        return await this.send(method, full, body, signal, this.verifies());
    }

    private async send(
        method: string,
        path: string,
        body: Row | undefined,
        signal: AbortSignal,
        verifies: boolean,
    ): Promise<Reply> {
        const portal = this.portal();
        if (!portal) throw new Error(`getaddrinfo ENOTFOUND ${this.domain}`);
        const content = body && (this.generation === "v4" ? JSON.stringify(body) : form(body).toString());
        const type = this.generation === "v4" ? "application/json" : "application/x-www-form-urlencoded";
        const request = (portal.tls ? tlsRequest : plainRequest)({
            host: "127.0.0.1",
            port: portal.port,
            method,
            path: `/api/${this.generation}${path}`,
            agent: false,
            signal,
            ...(portal.tls && { servername: isIPv4(this.domain) ? "" : this.domain, rejectUnauthorized: verifies }),
            headers: {
                host: this.domain,
                authorization: `Bearer ${this.token()}`,
                ...(content !== undefined && { "content-type": type, "content-length": Buffer.byteLength(content) }),
            },
        });
        request.end(content);
        const [response] = (await once(request, "response")) as [IncomingMessage];
        let text = "";
        for await (const chunk of response.setEncoding("utf8")) text += chunk as string;
        return { status: response.statusCode ?? 0, body: text };
    }

    /** The newer release does, unless the API is given as a private address. */
    private verifies(): boolean {
        return this.generation === "v4" && !/^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(this.domain);
    }

    private token(): string {
        const claims = {
            kid: "isardvdi-hypervisors",
            session_id: "isardvdi-service",
            exp: Math.floor(Date.now() / 1000) + TOKEN_SECONDS[this.generation],
            data: { role_id: "hypervisor", category_id: "default", user_id: "isard-hypervisor" },
        };
        return signToken(claims, this.secret);
    }
}

function form(body: Row): URLSearchParams {
    const fields = new URLSearchParams();
    for (const [name, value] of Object.entries(body)) {
        // the older API reads two of its booleans as Python writes them
        const isPython = name === "gpu_only" || name === "nvidia_enabled";
        if (typeof value === "boolean" && isPython) fields.set(name, value ? "True" : "False");
        else fields.set(name, typeof value === "string" ? value : JSON.stringify(value));
    }
    return fields;
}
