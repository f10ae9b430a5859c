import { setMaxListeners } from "node:events";
import { readConfiguration } from "../provider/configuration";
import type { ConnectionArgs } from "../provider/connection";
import { openFirewall } from "../provider/firewall";
import { desiredRules } from "../provider/firewall/desired";
import { lifecycleWith } from "../provider/port-forward/lifecycle";
import { openRemotes, type Remote, type Remotes } from "../provider/remote";
import type { Context, Lifecycle, Values } from "../provider/resource";
import { openSites } from "../provider/sites";
import { systemNetwork } from "../provider/verification/network";
import { silentLog, systemClock } from "../provider/world";
import { Lab } from "../test/lab/lab";
import { obstacle } from "../test/lab/packages";
import type { Options } from "./options";
import { atMost, type Row } from "./row";

/** What went over the wire. */
interface Counts {
    roundTrips: number;
    /** Each dialled and verified anew; the pooled one is one of them. */
    connections: number;
}

/** So many of @pulumi/command's commands at once: past ten connections without a login sshd begins to refuse. */
const atOnce = 8;

/** Forwards of one host in the lab, over real SSH: made, looked at again, and one by one as a command each. */
export async function forwards({ forwards: many }: Options): Promise<Row[]> {
    const why = obstacle();
    if (why) {
        process.stderr.write(`  left out, for the lab cannot be used here: ${why}\n`);
        return [];
    }
    const rows: Row[] = [];
    for (const kind of kinds) rows.push(...(await onHost(kind, many)));
    return rows;
}

const kinds = ["iptables-nft", "nftables", "firewalld-nftables"] as const;
/** Seconds; firewalld takes each of its rules by itself. */
const promised: Record<(typeof kinds)[number], number> = { "iptables-nft": 2, nftables: 2, "firewalld-nftables": 200 };

async function onHost(kind: (typeof kinds)[number], many: number): Promise<Row[]> {
    const lab = await Lab.start();
    try {
        const host = await lab.host("bench", { firewall: kind });
        const connection = await host.connection();
        const programs = Array.from({ length: many }, (_, index) => program(index));
        const made = await timed(connection, ({ lifecycle, context }) =>
            Promise.all(programs.map((inputs) => lifecycle.create(inputs, context))),
        );
        const states = made.result.slice(0, 100);
        const read = await timed(connection, ({ lifecycle, context }) =>
            Promise.all(states.map(({ id, state }) => lifecycle.read(id, state, context))),
        );
        if (read.result.some((state) => state === undefined)) throw new Error("a forward was not found again");
        await timed(connection, ({ lifecycle, context }) =>
            Promise.all(made.result.map(({ id, state }) => lifecycle.delete(id, state, context))),
        );
        const { roundTrips, connections } = made;
        const rows = [
            atMost(promised[kind], {
                what: `${many} forwards made on one host with ${kind}`,
                value: made.seconds,
                unit: " s",
                digits: 2,
            }),
            atMost(3, {
                what: `their SSH round trips with ${kind}`,
                value: roundTrips,
                unit: "",
                detail: { connections },
            }),
            atMost(1, {
                what: `SSH round trips of a refresh of ${states.length} unchanged forwards with ${kind}`,
                value: read.roundTrips,
                unit: "",
                detail: { seconds: read.seconds, connections: read.connections },
            }),
        ];
        return kind === "iptables-nft" ? [...rows, await against(made.seconds / many, connection)] : rows;
    } finally {
        await lab.stop();
    }
}

async function against(secondsOurs: number, connection: ConnectionArgs): Promise<Row> {
    const { rules, secondsEach } = await oneByOne(connection);
    return atMost(1 / 20, {
        what: `the same against a connection and a command for each rule (${rules} measured, scaled)`,
        value: secondsOurs / secondsEach,
        unit: "",
        digits: 4,
        detail: { secondsEach, atOnce },
    });
}

const program = (index: number): Values => ({
    connection: "bench",
    protocol: "tcp",
    port: 10_000 + index,
    toAddress: "172.31.255.17",
    verify: "rules",
    __urn: `urn:pulumi:dev::bench::pulumi-nodejs:dynamic/isardvdi:PortForward::f${index}`,
});

/** A run of its own: nothing is connected and nothing is known when it begins. */
async function timed<T>(
    connection: ConnectionArgs,
    work: (run: { lifecycle: Lifecycle; context: Context }) => Promise<T>,
): Promise<Counts & { seconds: number; result: T }> {
    const settings: Values = { "isardvdi:connections": { bench: connection } };
    const configuration = readConfiguration((key) => settings[key], {});
    const { signal } = new AbortController();
    // thousands of resources wait at once
    setMaxListeners(0, signal);
    const counts: Counts = { roundTrips: 0, connections: 1 };
    const remotes = counting(openRemotes({ ssh: configuration.ssh }), counts);
    const lifecycle = lifecycleWith({
        firewall: openFirewall(),
        rulesOf: (owner, forward, backend) => desiredRules(forward, backend, owner),
        network: systemNetwork,
    });
    const context: Context = {
        world: { clock: systemClock, signal, log: silentLog },
        configuration,
        remotes,
        sites: openSites(configuration, () => Promise.reject(new Error("no site is needed"))),
    };
    try {
        const started = performance.now();
        const result = await work({ lifecycle, context });
        return { ...counts, seconds: (performance.now() - started) / 1000, result };
    } finally {
        await remotes.close();
    }
}

function counting(remotes: Remotes, counts: Counts): Remotes {
    const known = new Map<Remote, Remote>();
    return {
        open(connection) {
            const remote = remotes.open(connection);
            const counted = known.get(remote) ?? count(remote);
            known.set(remote, counted);
            return counted;
        },
        close: () => remotes.close(),
    };

    function count(remote: Remote): Remote {
        return {
            name: remote.name,
            run(...args) {
                counts.roundTrips += 1;
                return remote.run(...args);
            },
            runAnew(...args) {
                counts.roundTrips += 1;
                counts.connections += 1;
                return remote.runAnew(...args);
            },
            connect: (...args) => remote.connect(...args),
        };
    }
}

/** What @pulumi/command does: each resource dials, logs in and runs its command. */
async function oneByOne(connection: ConnectionArgs): Promise<{ rules: number; secondsEach: number }> {
    const rules = 48;
    const remotes = openRemotes();
    const remote = remotes.open(connection);
    const call = { signal: new AbortController().signal, log: silentLog };
    const ports = Array.from({ length: rules }, (_, index) => 10_000 + index).values();
    const worker = async (): Promise<void> => {
        for (const port of ports) {
            const rule = `PREROUTING -p tcp --dport ${port} -j DNAT --to-destination 172.31.255.17`;
            const { code } = await remote.runAnew(`iptables -w -t nat -A ${rule}`, call);
            if (code !== 0) throw new Error("iptables refused a rule");
        }
    };
    try {
        const started = performance.now();
        await Promise.all(Array.from({ length: atOnce }, worker));
        return { rules, secondsEach: (performance.now() - started) / 1000 / rules };
    } finally {
        await remotes.close();
    }
}
