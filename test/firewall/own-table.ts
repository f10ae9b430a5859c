import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import type { Bare } from "./bare-host";
import { callWith, change, traces } from "./harness";

/** What a host has that knows nothing but nft: one table, and a boot that brings it back. */
export function standsAlone(bare: () => Bare): void {
    const firewall = openFirewall();
    const missing = async ({ remote }: Bare): Promise<string[]> => {
        const { forwards } = await firewall.inspect(remote, "auto", callWith());
        return [...forwards.values()].flatMap((each) => each.missing);
    };

    it("have one table of nftables, and each part of it that somebody takes out is missed and comes back", async () => {
        const { host, remote, ssh, arrives, isSilent } = bare();
        const before = await traces(host);
        const { host: seen } = await firewall.apply(remote, [change("a", { ...ssh, local: true })], callWith());
        assert.deepEqual([seen.backend, seen.why], ["nftables", "there is no iptables, and firewalld does not run"]);
        assert.equal(
            await host.must("nft -s list table ip pulumi-isardvdi"),
            `table ip pulumi-isardvdi {
\tchain prerouting {
\t\ttype nat hook prerouting priority dstnat - 1; policy accept;
\t\tfib daddr type local tcp dport 2022 dnat to ${ssh.toAddress} comment "pulumi-isardvdi:a"
\t}

\tchain output {
\t\ttype nat hook output priority -101; policy accept;
\t\tip daddr != 127.0.0.0/8 fib daddr type local tcp dport 2022 dnat to ${ssh.toAddress} comment "pulumi-isardvdi:a"
\t}
}
`,
        );
        const rule = `add rule ip pulumi-isardvdi prerouting fib daddr type local tcp dport 2022 dnat to ${ssh.toAddress} comment "pulumi-isardvdi:a"`;
        for (const [made, told] of [
            ["nft flush chain ip pulumi-isardvdi prerouting", [rule]],
            // the same words, another packet
            [`nft flush chain ip pulumi-isardvdi prerouting; nft '${rule.replace("tcp dport", "udp dport")}'`, [rule]],
            ["nft flush ruleset", undefined],
        ] as const) {
            await host.must(made);
            const lacks = await missing(bare());
            assert.deepEqual(told ? lacks : lacks.length, told ?? 2);
            assert.ok(await isSilent());
            await firewall.apply(remote, [change("a", { ...ssh, local: true })], callWith());
            assert.deepEqual(await missing(bare()), []);
            assert.ok(await arrives());
        }
        await firewall.apply(remote, [change("a", undefined)], callWith());
        assert.equal(await traces(host), before);
    });

    it("have a ledger that the first release refuses, and nothing but what is to last comes back at a boot", async () => {
        const { host, remote, ssh, arrives, isSilent } = bare();
        const other = { ...ssh, from: 5900, to: 5900, persist: false };
        await firewall.apply(remote, [change("a", ssh), change("b", other)], callWith());
        const ledger = await host.must("cat /var/lib/pulumi-isardvdi/firewall/ledger");
        assert.equal(ledger.split("\n")[0], '{"version":2}');
        // as a boot begins: no rule, and no file of this boot
        await host.must("nft flush ruleset; rm /run/pulumi-isardvdi.alive");
        await host.must("sh /var/lib/pulumi-isardvdi/firewall/sync boot");
        assert.deepEqual([await arrives(), await isSilent(5900)], [true, true]);
        await firewall.apply(remote, [change("a", undefined), change("b", undefined)], callWith());
    });

    it("are refused where another back end is asked for", async () => {
        const { remote, ssh } = bare();
        for (const [backend, told] of [
            ["iptables", /iptables was not found there\. Install it, or set backend to "nftables" or "auto"/],
            ["firewalld", /firewalld does not run there/],
        ] as const) {
            const { refused } = await firewall.apply(remote, [change("a", ssh, { backend })], callWith());
            assert.match(refused.get("a")?.message ?? "", told);
        }
    });
}
