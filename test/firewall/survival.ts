import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { SILENCE_MS } from "../lab/packets";
import type { Kind } from "./gap";
import { callWith, change, DirectRemote, ssh, traces } from "./harness";
import type { Ground } from "./matrix";

/** Where a restart or a reboot puts the rules of others in another order, what is ours. */
export const ours = (text: string): string[] =>
    text.split("\n").filter((line) => /isardvdi|to-addr|^[0-9a-f]{32}|etc.firewalld/.test(line));

/** What others do to a host's rules. */
export function survives(kind: Kind, ground: () => Ground): void {
    const firewall = openFirewall();
    it(`survive a restart of Docker and a reload of firewalld: ${kind}`, async () => {
        const { host, client } = ground();
        const remote = new DirectRemote(host);
        const works = async (timeoutMs = 30_000) =>
            (await client.tcp(host.address, 2022, { timeoutMs })).text.startsWith("SSH-");
        const before = await traces(host);
        await firewall.apply(remote, [change("kept", ssh)], callWith());
        assert.ok(await works());
        await host.restartDocker();
        assert.ok(await works(), "lost with the restart of Docker");
        if (kind.startsWith("firewalld")) {
            await host.must("firewall-cmd --reload");
            await host.must("until iptables -C FORWARD -j DOCKER-USER 2>/dev/null; do sleep 0.1; done");
            assert.ok(await works(), "lost with the reload");
        }
        const seen = await firewall.inspect(remote, "auto", callWith());
        assert.deepEqual(seen.forwards.get("kept")?.missing, []);
        await firewall.apply(remote, [change("kept", undefined)], callWith());
        assert.deepEqual(ours(await traces(host)), ours(before));
        assert.equal(await works(SILENCE_MS), false);
    });
}
