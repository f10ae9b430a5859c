import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { SILENCE_MS } from "../lab/packets";
import type { Bare } from "./bare-host";
import { callWith, change, traces } from "./harness";

/** What iptables alone has to carry, where FORWARD is DROP. */
export function carriesAll(kind: string, bare: () => Bare): void {
    const firewall = openFirewall();
    it(`carry tcp, udp and ranges, from the named sources only, and what the host itself sends: ${kind}`, async () => {
        const { host, client, remote, ssh, arrives, isSilent } = bare();
        const own = async (timeoutMs: number) => (await host.tcp(host.address, 2022, { timeoutMs })).text !== "";
        const loopback = async () => (await host.tcp("127.0.0.1", 2022, { timeoutMs: SILENCE_MS })).text !== "";
        const udp = async (timeoutMs?: number) => await client.udp(host.address, 4443, "hello", timeoutMs);
        const silent = async () =>
            await Promise.all([
                ...[2022, 5900, 5910].map(isSilent),
                udp(SILENCE_MS).then((text) => text === undefined),
            ]);
        const before = await traces(host);
        assert.deepEqual(await silent(), [true, true, true, true]);
        const forwards = [
            change("ssh", { ...ssh, local: true, sourceCidrs: [`${client.address}/32`] }),
            change("range", { ...ssh, from: 5900, to: 5910, sourceCidrs: ["0.0.0.0/0"] }),
            change("udp", { ...ssh, protocol: "udp", from: 4443, to: 4443 }),
        ];
        await firewall.apply(remote, forwards, callWith());
        const heard = await Promise.all([...[2022, 5900, 5910].map(arrives), udp()]);
        assert.deepEqual(heard, [true, true, true, "hello"]);
        const { forwards: seen } = await firewall.inspect(remote, "auto", callWith());
        assert.deepEqual(
            [...seen.values()].flatMap(({ missing }) => missing),
            [],
        );
        assert.deepEqual(await Promise.all([own(30_000), loopback()]), [true, false]);
        const elsewhere = change("ssh", { ...ssh, sourceCidrs: ["192.0.2.0/24"] });
        await firewall.apply(remote, [elsewhere], callWith());
        assert.deepEqual(await Promise.all([isSilent(), own(SILENCE_MS)]), [true, false]);
        const gone = forwards.map(({ owner }) => change(owner.tag, undefined));
        await firewall.apply(remote, gone, callWith());
        assert.deepEqual(await silent(), [true, true, true, true]);
        assert.equal(await traces(host), before);
    });
}
