import { strict as assert } from "node:assert";
import { type Forward, openFirewall } from "../../provider/firewall";
import { Lab } from "../lab/lab";
import type { LabHost } from "../lab/host";
import { needsLab } from "../lab/skip";
import type { Firewall as Kind } from "../lab/firewall";
import { callWith, change, DirectRemote, ssh, traces } from "./harness";

const kinds: readonly Kind[] = ["iptables-nft", "iptables-legacy", "firewalld-nftables", "firewalld-iptables"];

const video: Forward = { ...ssh, from: 5900, to: 7899 };
const redis: Forward = { ...ssh, from: 6379, to: 6379, toAddress: "172.31.255.12", toPort: 6379 };
const vpn: Forward = { ...ssh, protocol: "udp", from: 4443, to: 4443, toAddress: "172.31.255.23", toPort: 4443 };
/** As a hypervisor's host and as the central server have them: 6379 lies within the video range. */
const sets = { host: { ssh, video }, server: { redis, vpn } };

for (const kind of kinds) {
    describe(`forwards on a host with Docker and ${kind}`, function () {
        this.timeout(120_000);
        let lab: Lab;
        let [host, client, third, guest]: LabHost[] = [];
        let remote: DirectRemote;
        const firewall = openFirewall();
        const h = (): LabHost => host as LabHost;
        const c = (): LabHost => client as LabHost;
        before(needsLab);
        before(async () => {
            lab = await Lab.start();
            [host, client, third] = await Promise.all([
                lab.host("h1", { docker: true, firewall: kind }),
                lab.host("client"),
                lab.host("third"),
            ]);
            guest = await lab.host("guest", { behind: host });
            remote = new DirectRemote(host);
            await third.must(
                "for p in 2022 6379 6500; do socat TCP-LISTEN:$p,fork,reuseaddr 'EXEC:echo third' >/dev/null 2>&1 & done",
            );
        });
        after(async () => await lab?.stop());

        const heard = async () => ({
            ssh: (await c().tcp(h().address, 2022, { timeoutMs: 700 })).text.startsWith("SSH-"),
            first: (await c().tcp(h().address, 5900, { timeoutMs: 700 })).text.trim(),
            middle: (await c().tcp(h().address, 6500, { timeoutMs: 700 })).text.trim(),
            last: (await c().tcp(h().address, 7899, { timeoutMs: 700 })).text.trim(),
            redis: (await c().tcp(h().address, 6379, { send: "PING\r\n", timeoutMs: 700 })).text.trim(),
            udp: await c().udp(h().address, 4443, "hello", 700),
        });
        const nothing = { ssh: false, first: "", middle: "", last: "", redis: "", udp: undefined };

        const expected: Record<keyof typeof sets, Partial<Awaited<ReturnType<typeof heard>>>> = {
            host: { ssh: true, first: "5900", middle: "6500", last: "7899", redis: "6379" },
            server: { redis: "+PONG", udp: "hello" },
        };
        for (const [name, set] of Object.entries(sets)) {
            it(`carry the packets of a ${name} from create to delete, and leave no trace`, async () => {
                const before = await traces(h());
                assert.deepEqual(await heard(), nothing);
                const changes = Object.entries(set).map(([tag, forward]) => change(tag, forward));
                const { host: seen, refused } = await firewall.apply(remote, changes, callWith());
                assert.deepEqual([...refused], []);
                assert.deepEqual(
                    [...seen.forwards.values()].flatMap(({ missing }) => missing),
                    [],
                );
                assert.deepEqual(await heard(), { ...nothing, ...expected[name as keyof typeof sets] });
                for (const port of [2022, 6379, 6500])
                    assert.equal((await (guest as LabHost).tcp((third as LabHost).address, port)).text, "third\n");
                const gone = Object.keys(set).map((tag) => change(tag, undefined));
                await firewall.apply(remote, gone, callWith());
                assert.deepEqual(await heard(), nothing);
                assert.equal(await traces(h()), before);
            });
        }
    });
}
