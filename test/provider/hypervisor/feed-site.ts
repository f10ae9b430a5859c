import { createServer } from "node:net";
import { once } from "node:events";
import { connect } from "node:net";
import { readConfiguration } from "../../../provider/configuration";
import { openSite } from "../../../provider/isardvdi";
import { openFeed, type Feed } from "../../../provider/isardvdi/watch";
import type { IsardApi } from "../../../provider/isardvdi/api";
import type { Remote, Remotes } from "../../../provider/remote";
import { silentLog, systemClock, type Clock } from "../../../provider/world";
import type { Sandbox } from "../../../sandbox";
import { row } from "../isardvdi/watch/row";

/** The provider's two ways to look at a sandbox's site. */
export interface Site {
    api: IsardApi;
    feed: Feed | undefined;
}

export async function siteOf(
    sandbox: Sandbox,
    signal: AbortSignal,
    {
        config = {},
        remote,
        clock = systemClock,
    }: { config?: Record<string, unknown>; remote?: Remote; clock?: Clock } = {},
): Promise<Site> {
    const { rethinkdb, apiUrl, apiSecret } = sandbox;
    const keys: Record<string, unknown> = {
        "isardvdi:apiUrl": apiUrl,
        "isardvdi:apiSecret": apiSecret,
        "isardvdi:rethinkdb": rethinkdb && { host: rethinkdb.host, port: rethinkdb.port },
        ...config,
    };
    const settings = readConfiguration((key) => keys[key], {}).site(undefined);
    const api = await openSite(settings, { clock: systemClock, signal }, silentLog);
    return { api, feed: openFeed(settings, { clock, signal, remotes: remotesOf(remote) }) };
}

function remotesOf(remote: Remote | undefined): Remotes {
    return {
        open() {
            if (!remote) throw new Error("this test has no server");
            return remote;
        },
        close: () => Promise.resolve(),
    };
}

/** A server from which an address of IsardVDI's own network leads to the sandbox's database. */
export function serverTo(port: number): Remote & { dialled: string[] } {
    const dialled: string[] = [];
    const unused = (): never => {
        throw new Error("nothing is run here");
    };
    return {
        name: "root@isard.example.org:22",
        dialled,
        run: unused,
        runAnew: unused,
        async connect(host, far) {
            dialled.push(`${host}:${far}`);
            const socket = connect({ host: "127.0.0.1", port, noDelay: true });
            await once(socket, "connect");
            return socket;
        },
    };
}

/** Life passes so many times faster. */
export const fastClock = (factor: number): Clock => ({
    now: () => Date.now() * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
});

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, "close");
    return port;
}

export const offline = (sandbox: Sandbox, id: string): void =>
    sandbox.hypervisors.set(id, { ...row, hostname: id, status: "Offline", status_time: false });

export const online = (sandbox: Sandbox, id: string, at = 7): void =>
    sandbox.hypervisors.set(id, { status: "Online", detail: "", status_time: at });

/** Stands still: what happens all the same has waited for no time to pass. */
export const stillClock: Clock = {
    now: () => 0,
    sleep: (ms, signal) => systemClock.sleep(ms === 0 ? 0 : 2 ** 31 - 1, signal),
};

/** Ends with the very turn in which the condition holds. */
export async function soon(condition: () => boolean, ms = 50_000): Promise<void> {
    const end = Date.now() + ms;
    while (!condition()) {
        if (Date.now() > end) throw new Error(`not so within ${ms} ms: ${condition.toString()}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
    }
}
