import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type Applied, type Forward, openFirewall } from "../../provider/firewall";
import { needsLab } from "../lab/skip";
import { type Bare, bareHost } from "./bare-host";
import { callWith, change, traces } from "./harness";

/** Foreign rules of a kind that real hosts have, as iptables commands. */
const foreignRule = fc.constantFrom(
    "-t filter -A INPUT -s 192.0.2.1 -j DROP",
    "-t filter -A FORWARD -p tcp --dport 25 -j REJECT",
    '-t filter -I FORWARD -m comment --comment "it\'s mine: ISARDVDI-FWD" -j RETURN',
    "-t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.9.9.9:80",
    "-t nat -I PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353",
    "-t nat -A POSTROUTING -s 10.7.0.0/16 -j MASQUERADE",
    "-t nat -A OUTPUT -p tcp --dport 81 -j DNAT --to-destination 10.9.9.8:81",
    "-t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu",
);

const step = fc.record({
    tag: fc.constantFrom("a", "b", "c"),
    gone: fc.boolean(),
    toPort: fc.constantFrom(22, 2022, undefined),
    protocol: fc.constantFrom("tcp" as const, "udp" as const),
    local: fc.boolean(),
});

describe("foreign rules", function () {
    this.timeout(180_000);
    const firewall = openFirewall();
    let bare: Bare;
    before(needsLab);
    before(async () => {
        bare = await bareHost();
        // a table stays where a foreign rule brought it
        await bare.host.must("iptables -t nat -A PREROUTING -j RETURN; iptables -t nat -D PREROUTING 1");
    });
    after(async () => await bare?.lab.stop());

    const rest = async (): Promise<string> =>
        await bare.host.must(
            "iptables-save | grep -e ^-A -e ^:.*DROP | grep -v -e '-[Aj] ISARDVDI-' | sed 's/ \\[[0-9:]*\\]$//'",
        );

    it("stay as they are through any creates, updates and deletes", async () => {
        const { host, remote } = bare;
        const ports = { a: 2022, b: 3022, c: 4022 };
        await fc.assert(
            fc.asyncProperty(
                fc.array(foreignRule, { maxLength: 5 }),
                fc.array(step, { minLength: 1, maxLength: 4 }),
                async (rules, steps) => {
                    const clean = await host.must("iptables-save");
                    // iptables-restore understands the same words, with the same quotes but double ones
                    await host.must(
                        rules.map((rule) => `iptables -w ${rule.replace(/"(.*)"/, '"$1"')}`).join("\n") || "true",
                    );
                    const foreign = await rest();
                    const before = await traces(host);
                    for (const { tag, gone, toPort, protocol, local } of steps) {
                        const port = ports[tag];
                        const forward: Forward = { ...bare.ssh, from: port, to: port, toPort, protocol, local };
                        const { refused } = await firewall.apply(
                            remote,
                            [change(tag, gone ? undefined : forward)],
                            callWith(),
                        );
                        assert.equal(refused.size, 0);
                        assert.equal(await rest(), foreign);
                    }
                    await firewall.apply(
                        remote,
                        ["a", "b", "c"].map((tag) => change(tag, undefined)),
                        callWith(),
                    );
                    assert.equal(await traces(host), before);
                    await host.must("iptables-restore", { input: clean });
                },
            ),
            { numRuns: 6 },
        );
    });

    it("for the same packets are quoted, and an equal one is taken over without a gap", async () => {
        const { host, remote, arrives, ssh } = bare;
        const before = await traces(host);
        const manual = `PREROUTING -p tcp -m tcp --dport 2022 -j DNAT --to-destination ${ssh.toAddress}:2022`;
        await host.must(
            `iptables -t nat -A ${manual}; iptables -t nat -A PREROUTING -p tcp --dport 81 -j DNAT --to 10.9.9.9`,
        );
        const { refused } = await firewall.apply(remote, [change("a", ssh)], callWith());
        assert.ok(refused.get("a")?.message.includes(`-A ${manual}`));
        const { host: seen } = await firewall.apply(remote, [change("a", ssh, { adopt: true })], callWith());
        assert.equal(seen.foreign.length, 1);
        assert.equal((await host.must("iptables-save | grep -c -e 'dport 2022'")).trim(), "1");
        assert.ok(await arrives());
        await firewall.apply(remote, [change("a", undefined)], callWith());
        await host.must("iptables -t nat -D PREROUTING -p tcp --dport 81 -j DNAT --to 10.9.9.9");
        assert.equal(await traces(host), before);
    });

    it("in a table of nft's own are in the way, by what they take, and stay", async () => {
        const { host, remote, ssh } = bare;
        const before = await traces(host);
        await host.must(`nft add table ip mine
            nft 'add chain ip mine pre { type nat hook prerouting priority -110; }'
            nft add rule ip mine pre ip saddr 192.0.2.0/24 tcp dport { 2000-2050, 3022 } counter dnat to 10.9.9.9:22`);
        const { refused } = await firewall.apply(remote, [change("a", ssh, { adopt: true })], callWith());
        assert.match(
            refused.get("a")?.message ?? "",
            /wants the same packets: nft table ip mine, chain pre, handle \d+/,
        );
        const apart = change("a", { ...ssh, sourceCidrs: ["198.51.100.0/24"] });
        assert.equal((await firewall.apply(remote, [apart], callWith())).refused.size, 0);
        await firewall.apply(remote, [change("a", undefined)], callWith());
        await host.must("nft delete table ip mine");
        assert.equal(await traces(host), before);
    });

    it("that iptables cannot print make the whole host one that is not understood", async () => {
        const { host, remote, ssh } = bare;
        const before = await traces(host);
        await host.must("nft add rule ip nat PREROUTING tcp dport { 2022, 2023 } dnat to 10.9.9.9");
        await assert.rejects(
            firewall.apply(remote, [change("a", ssh)], callWith()),
            /cannot print the table nat, for it has rules that only nft knows.*nothing was changed/,
        );
        await host.must("nft flush chain ip nat PREROUTING");
        assert.equal(await traces(host), before);
    });

    it("for one address of the host keep it: a packet to it goes where it went, one to another address to ours", async () => {
        const { host, client, remote, guest, ssh } = bare;
        const before = await traces(host);
        const vip = host.address.replace(/\d+$/, "222");
        const heard = async (address: string): Promise<string> => (await client.tcp(address, 2022)).text;
        await host.must(`ip addr add ${vip}/24 dev eth0
            iptables -t nat -A PREROUTING -d ${vip} -p tcp --dport 2022 -j DNAT --to-destination ${guest.address}:5901
            iptables -I FORWARD -d ${guest.address} -p tcp --dport 5901 -j ACCEPT; iptables -I FORWARD -s ${guest.address} -j ACCEPT`);
        const theirs = await heard(vip);
        assert.match(theirs, /5901/);
        const made = await firewall.apply(remote, [change("a", ssh)], callWith());
        assert.deepEqual([...made.refused.values()], []);
        assert.match(await heard(host.address), /SSH-2\.0/);
        assert.equal(await heard(vip), theirs);
        const seen = await firewall.inspect(remote, "auto", callWith());
        assert.deepEqual(seen.forwards.get("a")?.missing, []);
        await firewall.apply(remote, [change("a", undefined)], callWith());
        await host.must(`iptables -t nat -F PREROUTING; iptables -D FORWARD 1; iptables -D FORWARD 1
            ip addr del ${vip}/24 dev eth0`);
        assert.equal(await traces(host), before);
    });

    it("are put back in their place when the change that took them over is not confirmed", async () => {
        const { host, remote, ssh } = bare;
        await host.must(`iptables -t nat -A PREROUTING -p tcp --dport 2022 -j DNAT --to ${ssh.toAddress}
            iptables -t nat -A PREROUTING -p tcp --dport 81 -j DNAT --to 10.9.9.9`);
        const before = await traces(host);
        remote.before = (script, isAnew) => {
            if (isAnew && script.includes("kept")) throw new Error("no connection");
        };
        await assert.rejects(
            firewall.apply(remote, [change("a", ssh, { adopt: true, rollbackSeconds: 5 })], callWith()),
            /has rolled the change back/,
        );
        remote.before = () => undefined;
        assert.equal(await traces(host), before);
        await host.must("iptables -t nat -F PREROUTING");
    });

    it("and hostile names never reach a shell", async () => {
        const { host, remote, ssh } = bare;
        await fc.assert(
            fc.asyncProperty(fc.string({ maxLength: 30, unit: "binary" }), async (text) => {
                const name = `urn:x'; touch /hostile; $(touch /hostile) \`touch /hostile\`\n==ledger\n${text}`;
                const { host: seen } = await firewall.apply(
                    remote,
                    [{ ...change("a", ssh), owner: { tag: "a", name } }],
                    callWith(),
                );
                assert.equal(seen.forwards.get("a")?.owner.name, name);
                assert.equal((await host.exec("ls /hostile")).code, 2);
            }),
            { numRuns: 4 },
        );
        await firewall.apply(remote, [change("a", undefined)], callWith());
    });

    it("of an earlier resource of the same name become a new one's, and its deletion takes nothing of them", async () => {
        const { host, remote, ssh, arrives } = bare;
        const before = await traces(host);
        const first = await firewall.apply(remote, [{ ...change("a", ssh), isNew: true }], callWith());
        assert.equal(first.tags.get("a"), "a");
        // a replacement makes the new one first, as --target-replace does
        const anew = (): Promise<Applied> => firewall.apply(remote, [{ ...change("a", ssh), isNew: true }], callWith());
        await anew();
        // its run was killed, and the state has the first one
        const back = await firewall.apply(remote, [change("a", ssh)], callWith());
        assert.deepEqual([back.refused.size, ...back.host.forwards.keys()], [0, "a"]);
        const second = await anew();
        const tag = second.tags.get("a") ?? "";
        assert.match(tag, /^[0-9a-f]{12}$/);
        assert.deepEqual([...second.host.forwards.keys()], [tag]);
        await firewall.apply(remote, [change("a", undefined)], callWith());
        assert.ok(await arrives());
        assert.equal((await host.must("iptables-save | grep -c 'dport 2022'")).trim(), "1");
        // of another name it is somebody else's, and told how to give it up
        const other = { ...change("b", ssh), isNew: true, owner: { tag: "b", name: "urn:other" } };
        const { refused } = await firewall.apply(remote, [other], callWith());
        assert.match(
            refused.get("b")?.message ?? "",
            /PortForward::a already forwards tcp 2022 .* in aliases.*clear-forwards CONNECTION --owner '.*PortForward::a'/,
        );
        await firewall.apply(remote, [change(tag, undefined)], callWith());
        assert.equal(await traces(host), before);
    });

    it("like drift are seen: a rule of ours taken out by hand is missing, and put back", async () => {
        const { host, remote, ssh, arrives, isSilent } = bare;
        await firewall.apply(remote, [change("a", ssh)], callWith());
        await host.must("iptables -F ISARDVDI-FWD; iptables -t nat -D PREROUTING 1");
        const seen = await firewall.inspect(remote, "auto", callWith());
        const missing = seen.forwards.get("a")?.missing ?? [];
        assert.equal(missing.length, 2, missing.join("\n"));
        assert.match(missing[0] ?? "", /^-t filter -A ISARDVDI-FWD/);
        assert.match(missing[1] ?? "", /^-t nat -A PREROUTING .* -j ISARDVDI-DNAT/);
        assert.ok(await isSilent());
        await firewall.apply(remote, [change("a", ssh)], callWith());
        assert.ok(await arrives());
        await firewall.apply(remote, [change("a", undefined)], callWith());
    });
});
