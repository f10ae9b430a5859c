import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z, ZodError } from "zod";
import type { Site } from "../site";
import type { Faults } from "../web/faults";
import type { SandboxHost } from "../world/host";
import { turnSite } from "./site";

const switches = z.strictObject({
    ssh: z.enum(["open", "closed", "mute", "foreign"]).optional(),
    engineKey: z.enum(["trusted", "revoked"]).optional(),
    libvirt: z.enum(["up", "down", "hangs"]).optional(),
    kvm: z.enum(["intel", "amd", "none"]).optional(),
    dns: z.enum(["known", "missing", "loopback"]).optional(),
    tunnel: z.enum(["open", "closed"]).optional(),
    portal: z.enum(["open", "closed"]).optional(),
    storage: z.enum(["absent", "runs"]).optional(),
    /** Seconds that its clock is ahead. */
    clock: z.number().int().optional(),
    /** Of the container that registers itself. */
    container: z.enum(["start", "stop", "restart"]).optional(),
    desktops: z.number().int().min(0).optional(),
    serverDesktops: z.number().int().min(0).optional(),
    /** Set to true, the host gets another host key, as after a reinstallation. */
    rotateHostKey: z.boolean().optional(),
});

const newHost = z.strictObject({ name: z.string().min(1) });

const newFault = z.strictObject({
    match: z.string().optional(),
    kind: z.enum(["status", "html", "slow", "drop", "badjson"]),
    status: z.number().int().optional(),
    body: z.unknown().optional(),
    delayMs: z.number().optional(),
    times: z.number().int().min(1).optional(),
    after: z.boolean().optional(),
});

/** The world's switches over HTTP, for whoever runs the sandbox as a process of its own. */
export class ControlServer {
    private readonly server: Server;

    constructor(
        private readonly site: Site,
        private readonly faults: Faults,
    ) {
        this.server = createServer((incoming, outgoing) => void this.serve(incoming, outgoing));
    }

    async listen(port: number): Promise<string> {
        await new Promise<void>((resolve, reject) => {
            this.server.once("error", reject);
            this.server.listen(port, "127.0.0.1", resolve);
        });
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    async stop(): Promise<void> {
        const closed = new Promise((resolve) => this.server.close(resolve));
        this.server.closeAllConnections();
        await closed;
    }

    private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
        const answer = (status: number, body: unknown): void => {
            outgoing.writeHead(status, { "content-type": "application/json" });
            outgoing.end(`${JSON.stringify(body)}\n`);
        };
        try {
            const body = await read(incoming);
            const done = this.act(`${incoming.method ?? ""} ${incoming.url ?? ""}`, body);
            if (done === undefined)
                answer(404, {
                    error: "Known: GET /, PUT /server, PUT /hosts/NAME, POST /hosts, POST and DELETE /faults.",
                });
            else answer(200, done);
        } catch (error) {
            const told = error instanceof ZodError ? z.prettifyError(error) : (error as Error).message;
            answer(400, { error: told });
        }
    }

    private act(line: string, body: unknown): unknown {
        const host = /^PUT \/hosts\/([^/]+)$/.exec(line)?.[1];
        const { world } = this.site;
        if (host !== undefined) return this.turn(world.host(decodeURIComponent(host)), body);
        if (line === "PUT /server") return turnSite(this.site, body);
        if (line === "GET /") return { server: turnSite(this.site, {}), hosts: world.all().map(shown) };
        if (line === "POST /hosts") return shown(world.add(newHost.parse(body).name));
        if (line === "DELETE /faults") this.faults.clear();
        else if (line === "POST /faults") this.addFault(body);
        else return undefined;
        return {};
    }

    private addFault(body: unknown): void {
        const { match, ...fault } = newFault.parse(body);
        const given = Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== undefined));
        this.faults.add({ kind: fault.kind, ...given, ...(match !== undefined && { match: new RegExp(match) }) });
    }

    private turn(host: SandboxHost, body: unknown): object {
        const { container, desktops, serverDesktops, rotateHostKey, ...wanted } = switches.parse(body);
        const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
        host.turn(given);
        if (container === "start") host.container.start();
        if (container === "stop") void host.container.stop();
        if (container === "restart") void host.container.restart();
        if (desktops !== undefined) host.desktops = desktops;
        if (serverDesktops !== undefined) host.serverDesktops = serverDesktops;
        if (rotateHostKey) host.rotateHostKey();
        return shown(host);
    }
}

function shown(host: SandboxHost): object {
    const { name, address, desktops, serverDesktops, sshAttempts, container } = host;
    const { running, step } = container;
    return { name, address, ...host.switches, desktops, serverDesktops, sshAttempts, container: { running, step } };
}

async function read(incoming: IncomingMessage): Promise<unknown> {
    let text = "";
    for await (const chunk of incoming.setEncoding("utf8")) text += chunk as string;
    return text === "" ? {} : (JSON.parse(text) as unknown);
}
