import { setTimeout as sleep } from "node:timers/promises";
import type { Deployer } from "./deployer";
import type { ForeignAct, Trouble } from "./story";
import type { World } from "./world";

type Kind = Trouble["kind"];
type Of<K extends Kind> = Extract<Trouble, { kind: K }>;
type Strike<K extends Kind> = (trouble: Of<K>, world: World, deployer: Deployer) => Promise<void>;

/** What each trouble does; it is over when the promise is, save for what waits to strike. */
const strikes: { [K in Kind]: Strike<K> } = {
    async api({ fault, times, after }, { sandbox }) {
        const kind = typeof fault === "number" ? { kind: "status" as const, status: fault } : { kind: fault };
        sandbox.fault({ ...kind, times, after });
        await Promise.resolve();
    },
    async ssh({ afterBytes, refusedMs }, { ssh }) {
        ssh.cutAfter(afterBytes, refusedMs);
        await Promise.resolve();
    },
    async killed({ afterMs }, _world, deployer) {
        await sleep(afterMs);
        await deployer.kill();
    },
    async restart({ afterMs, forMs }, { api, sandbox }) {
        await sleep(afterMs);
        api.refuse(true);
        sandbox.engine.stop();
        await sleep(forMs);
        sandbox.engine.start();
        api.refuse(false);
    },
    async away({ host, forMs }, { sandbox }) {
        sandbox.host(host).closeSsh();
        await sleep(forMs);
        sandbox.host(host).openSsh();
    },
    async foreign({ act, host, afterMs }, world) {
        await sleep(afterMs);
        await acts[act](world, host);
    },
};

/** What somebody else does to what is ours, and beside it. */
const acts: Record<ForeignAct, (world: World, host: string) => Promise<void>> = {
    disables: (world, host) => row(world, host, { enabled: false }),
    describes: (world, host) => row(world, host, { description: "by hand" }),
    deletes: async ({ sandbox }, host) => {
        sandbox.hypervisors.delete(host);
        await Promise.resolve();
    },
    flushes: async ({ operator }, host) => {
        await operator.on(
            host,
            "for c in DNAT FWD; do iptables -w -t nat -F ISARDVDI-$c 2>/dev/null; iptables -w -F ISARDVDI-$c 2>/dev/null; done; true",
        );
    },
    forwards: (world, host) => world.addRule(host, 30_000),
    "adds-a-line": (world) => world.addLine("THEIR_OTHER"),
    "changes-a-line": (world) => world.changeLine(),
};

async function row({ sandbox }: World, id: string, change: Record<string, unknown>): Promise<void> {
    if (sandbox.hypervisors.get(id)) sandbox.hypervisors.set(id, change);
    await Promise.resolve();
}

export async function strike(trouble: Trouble, world: World, deployer: Deployer): Promise<void> {
    await (strikes[trouble.kind] as Strike<Kind>)(trouble, world, deployer);
}

/** The world works again. */
export function calm({ sandbox, api, ssh }: World): void {
    sandbox.clearFaults();
    api.whole();
    ssh.whole();
}
