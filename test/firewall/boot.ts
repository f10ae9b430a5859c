import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { SILENCE_MS } from "../lab/packets";
import { callWith, change, DirectRemote, ssh, traces } from "./harness";
import type { Ground } from "./matrix";
import { ours } from "./survival";

/** Rules that are there before Docker makes its chains: a host without systemd, and its init scripts in their order. */
export function startsBeforeDocker(ground: () => Ground): void {
    const firewall = openFirewall();
    it("survive a reboot of a host without systemd, by netfilter-persistent, and carry packets though Docker starts later", async () => {
        const { host, client } = ground();
        const remote = new DirectRemote(host);
        const heard = async (port: number, timeoutMs?: number) =>
            (await client.tcp(host.address, port, { ...(timeoutMs && { timeoutMs }) })).text !== "";
        const kept = change("kept", ssh);
        const passing = change("passing", { ...ssh, from: 5900, to: 5910, persist: false });
        const before = await traces(host);
        const plugins = "ls /usr/share/netfilter-persistent/plugins.d | grep -c isard || true";
        await firewall.apply(remote, [kept, passing], callWith());
        assert.ok(await heard(2022));
        try {
            await host.reboot({ early: "netfilter-persistent start" });
            assert.ok(await heard(2022), "the one to keep carries nothing");
            assert.equal(await heard(5905, SILENCE_MS), false, "the passing one came back");
            const seen = await firewall.inspect(remote, "auto", callWith());
            assert.deepEqual(seen.forwards.get("kept")?.missing, []);
        } finally {
            await firewall.apply(remote, [change("kept", undefined), change("passing", undefined)], callWith());
        }
        assert.deepEqual(ours(await traces(host)), ours(before));
        assert.equal(await host.must(plugins), "0\n");
    });
}
