import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { needsLab } from "../lab/skip";
import { bareHost } from "./bare-host";
import { callWith, change, traces } from "./harness";

describe("forwards on a host without Docker whose FORWARD is DROP", function () {
    this.timeout(60_000);
    const firewall = openFirewall();
    before(needsLab);
    for (const kind of ["iptables-nft", "iptables-legacy"] as const) {
        it(`carry tcp, udp and ranges, from the named sources only, and what the host itself sends: ${kind}`, async () => {
            const { lab, host, client, remote, ssh, arrives } = await bareHost(kind);
            try {
                // a table of iptables-legacy stays in the kernel once it was asked for
                await host.must("iptables -t nat -S");
                const udp = async () => await client.udp(host.address, 4443, "hello", 500);
                const own = async () => (await host.tcp(host.address, 2022, { timeoutMs: 500 })).text !== "";
                const loopback = async () => (await host.tcp("127.0.0.1", 2022, { timeoutMs: 500 })).text !== "";
                const heard = async () => [await arrives(), await arrives(5900), await arrives(5910), await udp()];
                const before = await traces(host);
                assert.deepEqual(await heard(), [false, false, false, undefined]);
                const forwards = [
                    change("ssh", { ...ssh, local: true, sourceCidrs: [`${client.address}/32`] }),
                    change("range", { ...ssh, from: 5900, to: 5910, sourceCidrs: ["0.0.0.0/0"] }),
                    change("udp", { ...ssh, protocol: "udp", from: 4443, to: 4443 }),
                ];
                await firewall.apply(remote, forwards, callWith());
                assert.deepEqual(await heard(), [true, true, true, "hello"]);
                const { forwards: seen } = await firewall.inspect(remote, "auto", callWith());
                assert.deepEqual(
                    [...seen.values()].flatMap(({ missing }) => missing),
                    [],
                );
                assert.deepEqual([await own(), await loopback()], [true, false]);
                const elsewhere = change("ssh", { ...ssh, sourceCidrs: ["192.0.2.0/24"] });
                await firewall.apply(remote, [elsewhere], callWith());
                assert.deepEqual([await arrives(), await own()], [false, false]);
                const gone = forwards.map(({ owner }) => change(owner.tag, undefined));
                await firewall.apply(remote, gone, callWith());
                assert.deepEqual(await heard(), [false, false, false, undefined]);
                assert.equal(await traces(host), before);
            } finally {
                await lab.stop();
            }
        });
    }
});
