import { strict as assert } from "node:assert";
import { type Forward, openFirewall } from "../../provider/firewall";
import { requiredForwards } from "../../sdk";
import type { Firewall as Kind } from "../lab/firewall";
import type { LabHost } from "../lab/host";
import { Lab } from "../lab/lab";
import { needsLab } from "../lab/skip";
import { bareHost } from "./bare-host";
import { callWith, change, DirectRemote, traces } from "./harness";
import { deployments, forwardOf, portsOf, rowsOf, saidBy } from "./rows";

const kinds: readonly Kind[] = ["iptables-nft", "iptables-legacy", "firewalld-nftables", "firewalld-iptables"];

interface Ground {
    lab: Lab;
    host: LabHost;
    client: LabHost;
    /** Where a container's packets go on this host. */
    target: (address: string) => string;
}

const withDocker = async (firewall: Kind): Promise<Ground> => {
    const lab = await Lab.start();
    const [host, client] = await Promise.all([
        // images of either age, so that the manual's row arrives as well
        lab.host("h1", { docker: { hypervisorSsh: [22, 2022] }, firewall }),
        lab.host("client"),
    ]);
    return { lab, host, client, target: (address) => address };
};

const withoutDocker = async (firewall: Kind): Promise<Ground> => {
    const { lab, host, client, guest } = await bareHost(firewall);
    // a table of iptables-legacy stays in the kernel once it was asked for
    await host.must("iptables -t nat -S");
    return { lab, host, client, target: () => guest.address };
};

describe("the rows of requiredForwards", () => {
    it("are all in the matrix", () => {
        const needed = ["manual", "v3", "v4"].flatMap((release) =>
            ["hypervisor", "hypervisor-standalone"].flatMap((flavour) =>
                ["wireguard+geneve", "geneve"].flatMap((vpnTunnelingMode) =>
                    [false, true].flatMap((storage) => {
                        const rows = requiredForwards({ release, flavour, vpnTunnelingMode, storage } as never);
                        return [...rows.host, ...rows.server];
                    }),
                ),
            ),
        );
        const told = (rows: { why: string }[]): string[] =>
            [...new Set(rows.map(({ why: _why, ...rule }) => JSON.stringify(rule)))].sort();
        assert.deepEqual(told(Object.values(deployments).flatMap(rowsOf)), told(needed));
    });
});

for (const [ground, start] of Object.entries({ "with Docker": withDocker, "without Docker": withoutDocker })) {
    for (const kind of kinds) {
        describe(`the forwards of a host ${ground} and ${kind}`, function () {
            this.timeout(120_000);
            let lab: Lab | undefined;
            let host: LabHost;
            let client: LabHost;
            let target: Ground["target"];
            let [guest, third]: LabHost[] = [];
            const firewall = openFirewall();
            before(needsLab);
            before(async () => {
                ({ lab, host, client, target } = await start(kind));
                third = await lab.host("third");
                guest = await lab.host("desktop", { behind: host });
                await third.must(
                    "for p in 2022 6379 6500; do socat TCP-LISTEN:$p,fork,reuseaddr 'EXEC:echo third' >/dev/null 2>&1 & done",
                );
            });
            after(async () => await lab?.stop());

            const heardAt = async ({ protocol }: Forward, port: number): Promise<string> => {
                if (protocol === "udp") return (await client.udp(host.address, port, "hello", 700)) ?? "";
                const send = port === 6379 ? { send: "PING\r\n" } : {};
                return (await client.tcp(host.address, port, { ...send, timeoutMs: 700 })).text.trim();
            };
            const heard = async (forwards: Forward[]): Promise<[Forward, number, string][]> =>
                await Promise.all(
                    forwards.flatMap((forward) =>
                        portsOf(forward).map(async (port): Promise<[Forward, number, string]> => {
                            return [forward, port, await heardAt(forward, port)];
                        }),
                    ),
                );

            for (const [name, deployment] of Object.entries(deployments)) {
                it(`carry the packets of ${name} from create to delete, and leave no trace`, async () => {
                    const remote = new DirectRemote(host);
                    const forwards = rowsOf(deployment).map((row) => {
                        const forward = forwardOf(row);
                        return { ...forward, toAddress: target(forward.toAddress) };
                    });
                    const before = await traces(host);
                    for (const [, port, text] of await heard(forwards)) assert.equal(text, "", `${port}`);
                    const changes = forwards.map((forward, index) => change(`t${index}`, forward));
                    const { host: seen, refused } = await firewall.apply(remote, changes, callWith());
                    assert.deepEqual([...refused], []);
                    const missing = [...seen.forwards.values()].flatMap((each) => each.missing);
                    assert.deepEqual(missing, []);
                    for (const [forward, port, text] of await heard(forwards))
                        assert.match(text, saidBy(forward, port), `${forward.protocol} ${port}`);
                    for (const port of [2022, 6379, 6500])
                        assert.equal((await guest?.tcp(third?.address ?? "", port))?.text, "third\n");
                    const gone = forwards.map((_, index) => change(`t${index}`, undefined));
                    await firewall.apply(remote, gone, callWith());
                    for (const [, port, text] of await heard(forwards)) assert.equal(text, "", `${port}`);
                    assert.equal(await traces(host), before);
                });
            }
        });
    }
}
