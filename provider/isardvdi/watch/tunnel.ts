import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Duplex, pipeline } from "node:stream";
import { Frames } from "./frames";

export interface Tunnel {
    path: string;
    /** Why it was cut; undefined while it holds. */
    why(): Error | undefined;
    close(): void;
}

/**
 * A way to a database for a client that can dial but not be handed a stream: a unix socket in a folder of our own,
 * because the database has no password and a TCP port would be open to every user of this machine. It takes one
 * connection and is gone. What the database says comes through up to its limits.
 */
export async function openTunnel(far: Duplex): Promise<Tunnel> {
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
