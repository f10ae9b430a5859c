import { hypervisor } from "../provider/hypervisor";
import { startSandbox } from "../sandbox";
import { contextFor } from "./context";
import { instantEngine } from "./engine";
import type { Options } from "./options";
import { atMost, type Row } from "./row";

/** As many reads at once as the CLI's default on four cores. */
const atOnce = 16;

/** API requests of a refresh: the lifecycle's own read for each hypervisor of one site. */
export async function refresh({ rows }: Options): Promise<Row[]> {
    const sandbox = await startSandbox({ hosts: ["h1"], timeScale: 1000 });
    const stopEngine = instantEngine(sandbox);
    try {
        const made = await hypervisor.lifecycle.create(
            { hyperId: "h1", hostname: "h1", kvmModule: "intel" },
            contextFor(sandbox),
        );
        const row = sandbox.hypervisors.get("h1");
        if (!row) throw new Error("the sandbox has no row");
        const ids = Array.from({ length: rows }, (_, index) => `bench-${index + 1}`);
        for (const id of ids) sandbox.hypervisors.set(id, { ...row, id });

        // a run of its own: nothing is known from the create
        const context = contextFor(sandbox);
        sandbox.clearRequests();
        const started = performance.now();
        const queue = ids.values();
        const worker = async (): Promise<void> => {
            for (const id of queue) {
                const state = await hypervisor.lifecycle.read(id, { ...made.state, hyperId: id }, context);
                if (state?.["hyperId"] !== id) throw new Error(`${id} was not read`);
            }
        };
        await Promise.all(Array.from({ length: atOnce }, worker));
        const seconds = (performance.now() - started) / 1000;
        return [
            atMost(5, {
                what: `API requests per refresh of ${rows} hypervisors`,
                value: sandbox.requests.length,
                unit: "",
                detail: { seconds, requests: sandbox.requests.map(({ method, path }) => `${method} ${path}`) },
            }),
        ];
    } finally {
        stopEngine();
        await sandbox.stop();
    }
}
