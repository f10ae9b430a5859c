import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A way to a port of this machine that can be cut; what goes through it is counted. */
export class Wire {
    private readonly sockets = new Set<Socket>();
    private left = Infinity;
    private isOpen = true;
    private refusedMs = 0;

    private constructor(private readonly server: Server) {}

    static async to(port: number): Promise<Wire> {
        const server = createServer({ noDelay: true });
        const wire = new Wire(server);
        server.on("connection", (near) => wire.join(near, port));
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return wire;
    }

    get port(): number {
        return (this.server.address() as AddressInfo).port;
    }

    /** Every connection breaks once so many bytes more have passed, and none is taken for a time after that. */
    cutAfter(bytes: number, refusedMs: number): void {
        this.left = bytes;
        this.refusedMs = refusedMs;
    }

    refuse(isRefusing: boolean): void {
        this.isOpen = !isRefusing;
        if (isRefusing) this.breakAll();
    }

    whole(): void {
        this.left = Infinity;
        this.isOpen = true;
    }

    stop(): void {
        this.breakAll();
        this.server.close();
    }

    private join(near: Socket, port: number): void {
        if (!this.isOpen) return void near.resetAndDestroy();
        const far = connect({ host: "127.0.0.1", port, noDelay: true });
        for (const [from, to] of [
            [near, far],
            [far, near],
        ] as const) {
            this.sockets.add(from);
            from.on("data", (chunk: Buffer) => this.pass(chunk.length));
            from.on("error", () => to.destroy()).on("close", () => (this.sockets.delete(from), to.destroy()));
            from.pipe(to);
        }
    }

    private pass(bytes: number): void {
        this.left -= bytes;
        if (this.left > 0) return;
        this.left = Infinity;
        this.refuse(true);
        setTimeout(() => (this.isOpen = true), this.refusedMs);
    }

    private breakAll(): void {
        for (const socket of this.sockets) socket.destroy();
    }
}
