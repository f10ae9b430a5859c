import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import type { Remote, RemoteCall } from "../../remote";
import { Frames } from "./frames";

export interface Tunnel {
    path: string;
    /** Why it was cut; undefined while it holds. */
    why(): Error | undefined;
    close(): void;
}

/**
 * A way to an address as the remote machine sees it, for a client that can dial but not be handed a stream: a unix
 * socket in a folder of our own, because the database has no password and a TCP port would be open to every user
 * of this machine. It takes one connection and is gone.
 */
export async function openTunnel(remote: Remote, host: string, port: number, call: RemoteCall): Promise<Tunnel> {
    const far = await remote.connect(host, port, call);
    const folder = mkdtempSync(join(tmpdir(), "isardvdi-"));
    const path = join(folder, "rethinkdb");
    const server = createServer();
    let near: Socket | undefined;
    let refused: Error | undefined;
    const shut = (): void => {
        server.close();
        rmSync(folder, { recursive: true, force: true });
    };
    server.once("connection", (socket) => {
        near = socket;
        shut();
        const ignore = (): void => undefined;
        pipeline(socket, far, ignore);
        pipeline(far, new Frames(), socket, (error) => (refused ??= error ?? undefined));
    });
    const close = (): void => {
        shut();
        near?.destroy();
        far.destroy();
    };
    try {
        await new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(path, resolve);
        });
    } catch (error) {
        close();
        throw error;
    }
    return { path, why: () => refused, close };
}
