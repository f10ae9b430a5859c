import { strict as assert } from "node:assert";
import { type Forward, openFirewall } from "../../provider/firewall";
import type { LabHost } from "../lab/host";
import { SILENCE_MS } from "../lab/packets";
import { callWith, change, DirectRemote, traces } from "./harness";
import { deployments, forwardOf, portsOf, rowsOf, saidBy } from "./rows";

export interface Ground {
    host: LabHost;
    client: LabHost;
    /** A desktop behind the host. */
    desktop: LabHost;
    /** Where a container's packets go on this host. */
    target: (address: string) => string;
}

/** What desktops reach elsewhere on the ports of forwards. */
export const elsewhere = [2022, 6379, 6500];
export async function serveElsewhere(client: LabHost): Promise<void> {
    const serve = `socat TCP-LISTEN:$p,fork,reuseaddr 'EXEC:echo third' >/dev/null 2>&1 &`;
    const wait = `until ss -Hltn sport = :$p | grep -q .; do sleep 0.05; done`;
    await client.must(
        `for p in ${elsewhere.join(" ")}; do ${serve} done; for p in ${elsewhere.join(" ")}; do ${wait}; done`,
    );
}

/** Each deployment's rows, from create to delete, on a host that is there already; or those of some deployments. */
export function carriesRows(ground: () => Ground, wanted = Object.keys(deployments)): void {
    const firewall = openFirewall();
    const heardAt = async ({ protocol }: Forward, port: number, timeoutMs?: number): Promise<string> => {
        const { client, host } = ground();
        if (protocol === "udp") return (await client.udp(host.address, port, "hello", timeoutMs)) ?? "";
        const send = port === 6379 ? { send: "PING\r\n" } : {};
        return (await client.tcp(host.address, port, { ...send, ...(timeoutMs && { timeoutMs }) })).text.trim();
    };
    const heard = async (forwards: Forward[], timeoutMs?: number): Promise<[Forward, number, string][]> =>
        await Promise.all(
            forwards.flatMap((forward) =>
                portsOf(forward).map(async (port): Promise<[Forward, number, string]> => {
                    return [forward, port, await heardAt(forward, port, timeoutMs)];
                }),
            ),
        );
    const nothing = async (forwards: Forward[]): Promise<void> => {
        for (const [, port, text] of await heard(forwards, SILENCE_MS)) assert.equal(text, "", `${port}`);
    };

    for (const [name, deployment] of Object.entries(deployments).filter(([each]) => wanted.includes(each))) {
        it(`carry the packets of ${name} from create to delete, and leave no trace`, async () => {
            const { host, client, desktop, target } = ground();
            const remote = new DirectRemote(host);
            const forwards = rowsOf(deployment).map((row) => {
                const forward = forwardOf(row);
                return { ...forward, toAddress: target(forward.toAddress) };
            });
            const before = await traces(host);
            await nothing(forwards);
            const changes = forwards.map((forward, index) => change(`t${index}`, forward));
            const { host: seen, refused } = await firewall.apply(remote, changes, callWith());
            assert.deepEqual([...refused], []);
            const missing = [...seen.forwards.values()].flatMap((each) => each.missing);
            assert.deepEqual(missing, []);
            const [packets, others] = await Promise.all([
                heard(forwards),
                Promise.all(elsewhere.map((port) => desktop.tcp(client.address, port))),
            ]);
            for (const [forward, port, text] of packets)
                assert.match(text, saidBy(forward, port), `${forward.protocol} ${port}`);
            for (const { text } of others) assert.equal(text, "third\n");
            const gone = forwards.map((_, index) => change(`t${index}`, undefined));
            await firewall.apply(remote, gone, callWith());
            await nothing(forwards);
            assert.equal(await traces(host), before);
        });
    }
}
