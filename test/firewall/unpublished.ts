import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import type { Engine } from "../lab/packages";
import { SILENCE_MS } from "../lab/packets";
import { callWith, change, DirectRemote, ssh, traces } from "./harness";
import type { Ground } from "./matrix";

/** Docker 28 and later drop unpublished ports by rules of their own, whatever the policy is, and put no RETURN into DOCKER-USER. */
export function passesWhatDockerDrops(ground: () => Ground, engine: Engine): void {
    const firewall = openFirewall();
    it("reach a port that no container publishes, through a DOCKER-USER without RETURN", async () => {
        const { host, client } = ground();
        const remote = new DirectRemote(host);
        const answer = async (port: number, timeoutMs: number): Promise<string> =>
            (await client.tcp(host.address, port, { timeoutMs })).text.slice(0, 4);
        const filter = (pattern: string): Promise<string> =>
            host.must(`iptables-save -t filter | grep -e '${pattern}' || true`);
        const drops = await filter("-A DOCKER ! -i br-[0-9a-f]* -o br-[0-9a-f]* -j DROP");
        const user = await filter("-A DOCKER-USER");
        const policy = (await host.must("iptables -S FORWARD | head -n 1")).trim();
        const isOld = engine === "20.10";
        assert.deepEqual([drops === "", user], [isOld, isOld ? "-A DOCKER-USER -j RETURN\n" : ""]);
        const byHand = "PREROUTING -p tcp --dport 3322 -j DNAT --to-destination 172.31.255.17:2022";
        await host.must(`iptables -P FORWARD ACCEPT; iptables -F DOCKER-USER`);
        const flushed = await traces(host);
        try {
            await host.must(`iptables -t nat -A ${byHand}`);
            assert.equal(await answer(3322, isOld ? 30_000 : SILENCE_MS), isOld ? "SSH-" : "");
            await host.must(`iptables -t nat -D ${byHand}`);
            const { host: seen, refused } = await firewall.apply(remote, [change("a", ssh)], callWith());
            assert.deepEqual([[...refused], seen.forwards.get("a")?.missing], [[], []]);
            assert.equal(await answer(2022, 30_000), "SSH-");
            assert.match(await filter("-A DOCKER-USER"), /^-A DOCKER-USER .*-j ISARDVDI-FWD\n$/);
            await firewall.apply(remote, [change("a", undefined)], callWith());
            assert.equal(await answer(2022, SILENCE_MS), "");
            assert.equal(await traces(host), flushed);
        } finally {
            await host.must(`iptables ${policy}${isOld ? "; iptables -A DOCKER-USER -j RETURN" : ""}`);
        }
    });
}
