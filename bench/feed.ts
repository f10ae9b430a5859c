import { setTimeout as sleep } from "node:timers/promises";
import { hypervisor } from "../provider/hypervisor";
import { type Sandbox, startSandbox } from "../sandbox";
import { contextFor } from "./context";
import { setOnline } from "./engine";
import type { Options } from "./options";
import { atMost, quantile, type Row } from "./row";

/** Hypervisors that wait at once where connections are counted. */
const crowd = 200;

/** From the engine's write of Online until the create has its answer, by the change feed; and what a crowd costs. */
export async function feed({ resources }: Options): Promise<Row[]> {
    const late = await delays(resources);
    const one = await crowded();
    return [
        atMost(100, {
            what: "Online seen after the engine's write, change feed, p99",
            value: quantile(late, 0.99),
            unit: " ms",
            digits: 1,
            detail: { p50: quantile(late, 0.5), highest: Math.max(...late) },
        }),
        atMost(1, {
            what: `database connections of ${crowd} waiting hypervisors`,
            value: one.connections,
            unit: "",
            detail: { feeds: one.feeds },
        }),
        {
            what: `API requests of ${crowd} hypervisors while they wait, change feed`,
            value: one.requests,
            measured: String(one.requests),
            detail: { waitedSeconds: one.seconds },
        },
    ];
}

const create = (name: string, context: ReturnType<typeof contextFor>): Promise<unknown> =>
    hypervisor.lifecycle.create(
        {
            hyperId: name,
            hostname: "h1",
            kvmModule: "intel",
            awaitOnline: { source: "changefeed", timeoutSeconds: 600 },
        },
        context,
    );

async function delays(count: number): Promise<number[]> {
    return withSite(async (sandbox) => {
        const context = contextFor(sandbox);
        const names = Array.from({ length: count }, (_, index) => `h${index + 1}`);
        const late = new Map<string, number>();
        const creating = names.map((name) =>
            create(name, context).then(() => late.set(name, performance.now() - (late.get(name) ?? NaN))),
        );
        await untilWaiting(sandbox, count);
        for (const name of names) {
            late.set(name, performance.now());
            setOnline(sandbox, name);
            await sleep(20);
        }
        await Promise.all(creating);
        return [...late.values()];
    });
}

async function crowded(): Promise<{ connections: number; feeds: number; requests: number; seconds: number }> {
    return withSite(async (sandbox) => {
        const context = contextFor(sandbox);
        const names = Array.from({ length: crowd }, (_, index) => `h${index + 1}`);
        const creating = Promise.all(names.map((name) => create(name, context)));
        await untilWaiting(sandbox, crowd);
        sandbox.clearRequests();
        const seconds = 10;
        await sleep(seconds * 1000);
        const { accepted, feeds } = sandbox.rethinkdb ?? { accepted: NaN, feeds: NaN };
        for (const name of names) setOnline(sandbox, name);
        await creating;
        return { connections: accepted, feeds, requests: sandbox.requests.length, seconds };
    });
}

async function withSite<T>(work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
    const sandbox = await startSandbox({ hosts: ["h1"], timeScale: 1000, rethinkdbPort: 0 });
    sandbox.engine.stop();
    try {
        return await work(sandbox);
    } finally {
        await sandbox.stop();
    }
}

/** All are enabled, and the last of them has come to its wait. */
async function untilWaiting(sandbox: Sandbox, count: number): Promise<void> {
    const enabled = (): number => sandbox.hypervisors.all().filter((row) => row["enabled"] === true).length;
    while (enabled() < count) await sleep(20);
    let requests = -1;
    while (requests !== sandbox.requests.length) {
        requests = sandbox.requests.length;
        await sleep(500);
    }
}
