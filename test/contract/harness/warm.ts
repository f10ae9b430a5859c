import { join } from "node:path";
import { type ProviderProcess, startProcess } from "./process";
import { openRpc } from "./rpc";

const anew = JSON.stringify(join(__dirname, "anew.js"));

let shared: Promise<ProviderProcess> | undefined;
let runs = 0;
// after the last test of all files
after(async () => await (await shared)?.stop());

/**
 * A provider as another run would have it, in the process that all tests of this one share: with a configuration, a
 * session, connections, caches and a cancellation of its own. One at a time: the next one is the only one that is
 * configured, and the lines are its own.
 */
export async function warmProvider(config: Record<string, string> = {}, { timeScale = 1 } = {}) {
    const { port, lines, output } = await (shared ??= startProcess());
    runs += 1;
    // the stock front keeps what it has evaluated by its text, so each run's differs by a comment
    const rpc = openRpc(port, `//${runs}`);
    await rpc.configure(config);
    await rpc.check({}, { __provider: `exports.handler=()=>require(${anew})(${timeScale})` });
    lines.length = 0;
    output.stderr = "";
    return {
        ...rpc,
        lines,
        output,
        /** Ends what it still does, as the end of its process would. */
        async stop() {
            await rpc.cancel();
            await rpc.settled();
            rpc.close();
        },
    };
}

export type WarmProvider = Awaited<ReturnType<typeof warmProvider>>;
