import { setMaxListeners } from "node:events";
import { createRequire } from "node:module";

/** Aborted by the engine's Cancel request or by SIGINT; every wait of this process listens to it. */
const cancelled = new AbortController();
export const cancellation: AbortSignal = cancelled.signal;
// hundreds of resources may wait at once, which is no leak
setMaxListeners(0, cancellation);

let underWay = 0;
let leaving: (() => Promise<void>) | undefined;

/** Counts a call as under way, so that SIGINT ends the process only after its answer is sent. */
export async function tracked<T>(call: () => Promise<T>): Promise<T> {
    underWay += 1;
    try {
        return await call();
    } finally {
        underWay -= 1;
        if (underWay === 0 && leaving) exitSoon(leaving);
    }
}

/** Hooks Cancel and SIGINT, once; `flush` sends what is still on its way to the engine. */
export function listenForCancellation(flush: () => Promise<void>): void {
    hookCancelRequest();
    process.once("SIGINT", () => {
        leaving = flush;
        cancelled.abort(new Error("cancelled"));
        if (underWay === 0) exitSoon(flush);
    });
}

function exitSoon(flush: () => Promise<void>): void {
    // gRPC writes the answer after our promise is settled; the engine needs it to keep the resource
    void flush().finally(() => setTimeout(() => process.exit(0), 100));
}

interface GrpcServer {
    prototype: { _retrieveHandler?: (path: string) => unknown };
}

/**
 * A dynamic provider's own Cancel handler does nothing, so the request is seen where grpc-js looks up
 * its handler. Where that private method is missing, SIGINT alone ends a wait.
 */
function hookCancelRequest(): void {
    let server: GrpcServer;
    try {
        // beside the running program: a second copy of grpc-js would be patched in vain
        server = (createRequire(process.argv[1] ?? __filename)("@grpc/grpc-js") as { Server: GrpcServer }).Server;
    } catch {
        return;
    }
    const original = server?.prototype?._retrieveHandler;
    if (typeof original !== "function" || original.length !== 1) return;
    server.prototype._retrieveHandler = function (path: string): unknown {
        if (path === "/pulumirpc.ResourceProvider/Cancel") cancelled.abort(new Error("cancelled"));
        return original.call(this, path);
    };
}
