import { setTimeout as sleep } from "node:timers/promises";
import { hypervisor } from "../provider/hypervisor";
import type { Context } from "../provider/resource";
import { startSandbox } from "../sandbox";
import { contextFor } from "./context";
import { setOnline } from "./engine";
import type { Options } from "./options";
import { atMost, quantile, type Row } from "./row";

/** The longest interval between two looks: what a wait of more than three seconds has grown to. */
const interval = 2000;

/** From the engine's write of Online until the create has its answer, when nothing but the API is there to ask. */
export async function polling({ resources }: Options): Promise<Row[]> {
    const names = Array.from({ length: resources }, (_, index) => `h${index + 1}`);
    const sandbox = await startSandbox({ hosts: ["h1"], timeScale: 1000 });
    sandbox.engine.stop();
    const context = contextFor(sandbox);
    try {
        const delays = await Promise.all(
            names.map(async (name) => {
                const created = hypervisor.lifecycle.create(
                    { hyperId: name, hostname: "h1", kvmModule: "intel" },
                    context,
                );
                // at any moment of an interval, long after the quick looks of the beginning
                const written = sleep(5000 + Math.random() * interval).then(() => {
                    setOnline(sandbox, name);
                    return performance.now();
                });
                const [at] = await Promise.all([written, created]);
                return performance.now() - at;
            }),
        );
        const look = 2 * (await listMs(context));
        return [
            atMost(interval + look, {
                what: "Online seen after the engine's write, polling, p99",
                value: quantile(delays, 0.99),
                unit: " ms",
                detail: {
                    p50: quantile(delays, 0.5),
                    highest: Math.max(...delays),
                    intervalMs: interval,
                    lookMs: look,
                    requests: sandbox.requests.length,
                },
            }),
        ];
    } finally {
        await sandbox.stop();
    }
}

/** A look ends at most two requests after it began: the one that is under way and its own. */
async function listMs({ sites, world }: Context): Promise<number> {
    const api = await sites.open(undefined);
    const times: number[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
        const started = performance.now();
        await api.list(world);
        times.push(performance.now() - started);
    }
    return quantile(times, 0.95);
}
