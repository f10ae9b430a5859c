import { startProcess } from "./process";
import { openRpc } from "./rpc";

/** A provider in a process of its own, for a test that ends it, looks at its start or gives it an environment. */
export async function startProvider(config: Record<string, string> = {}, environment: NodeJS.ProcessEnv = {}) {
    const process = await startProcess(environment);
    const rpc = openRpc(process.port);
    await rpc.configure(config);
    return {
        ...rpc,
        ...process,
        async stop() {
            rpc.close();
            await process.stop();
        },
    };
}

export type Provider = Awaited<ReturnType<typeof startProvider>>;
