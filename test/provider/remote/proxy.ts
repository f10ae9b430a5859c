import { connect, createServer, type AddressInfo } from "node:net";

/** A relay in front of a port that cuts the first connection when so many bytes went the one way. */
export async function cutAfter(
    port: number,
    direction: "from host" | "to host",
    bytes: number,
): Promise<{ port: number; close: () => Promise<void> }> {
    let first = true;
    const server = createServer({ noDelay: true }, (socket) => {
        const target = connect({ port, host: "127.0.0.1", noDelay: true });
        const cut = first;
        first = false;
        let count = 0;
        const close = (): void => {
            socket.destroy();
            target.destroy();
        };
        for (const [from, to, way] of [
            [target, socket, "from host"],
            [socket, target, "to host"],
        ] as const) {
            from.on("error", close).on("close", close);
            from.on("data", (chunk: Buffer) => {
                if (!cut || way !== direction) return void to.write(chunk);
                to.write(chunk.subarray(0, Math.max(0, bytes - count)));
                count += chunk.length;
                // what was let through arrives before the end
                if (count >= bytes) to.end(close);
            });
        }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        port: (server.address() as AddressInfo).port,
        close: () => new Promise((resolve) => server.close(() => resolve())),
    };
}
