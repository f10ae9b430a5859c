import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import type { Firewall as Kind } from "../lab/firewall";
import { Lab } from "../lab/lab";
import { needsLab } from "../lab/skip";
import { callWith, change, DirectRemote, ssh, traces } from "./harness";

const kept = change("kept", ssh);
const passing = change("passing", { ...ssh, from: 5900, to: 5910, persist: false });

const ours = (text: string): string[] =>
    text.split("\n").filter((line) => /isardvdi|to-addr|^[0-9a-f]{32}|etc.firewalld/.test(line));

describe("forwards survive what others do", function () {
    this.timeout(180_000);
    const firewall = openFirewall();
    before(needsLab);

    const kinds: Kind[] = ["iptables-nft", "iptables-legacy", "firewalld-nftables", "firewalld-iptables"];
    for (const kind of kinds) {
        it(`a restart of Docker and a reload of firewalld: ${kind}`, async () => {
            const lab = await Lab.start();
            try {
                const [host, client] = await Promise.all([
                    lab.host("h1", { docker: true, firewall: kind }),
                    lab.host("client"),
                ]);
                const remote = new DirectRemote(host);
                const works = async () => (await client.tcp(host.address, 2022)).text.startsWith("SSH-");
                const before = await traces(host);
                await firewall.apply(remote, [kept], callWith());
                assert.ok(await works());
                await host.restartDocker();
                assert.ok(await works(), "lost with the restart of Docker");
                if (kind.startsWith("firewalld")) {
                    await host.must("firewall-cmd --reload");
                    await host.must("until iptables -C FORWARD -j DOCKER-USER 2>/dev/null; do sleep 0.1; done", {
                        timeoutMs: 20_000,
                    });
                    assert.ok(await works(), "lost with the reload");
                }
                const seen = await firewall.inspect(remote, "auto", callWith());
                assert.deepEqual(seen.forwards.get("kept")?.missing, []);
                await firewall.apply(remote, [change("kept", undefined)], callWith());
                // the restart and the reload themselves put the rules of others in another order
                assert.deepEqual(ours(await traces(host)), ours(before));
                assert.equal(await works(), false);
            } finally {
                await lab.stop();
            }
        });
    }

    it("a reboot, where they are to", async () => {
        const lab = await Lab.start();
        try {
            const [host, client] = await Promise.all([
                lab.host("h1", { docker: true, systemd: true }),
                lab.host("client"),
            ]);
            const remote = new DirectRemote(host);
            const heard = async (port: number) => (await client.tcp(host.address, port)).text !== "";
            const units = async () => await host.must("find /etc/systemd/system | sort");
            const before = await units();
            const { refused } = await firewall.apply(remote, [kept, passing], callWith());
            assert.deepEqual([...refused], []);
            assert.ok(await heard(2022));
            assert.ok(await heard(5905));
            await host.reboot();
            await host.must("until systemctl is-active -q pulumi-isardvdi-firewall; do sleep 0.1; done", {
                timeoutMs: 60_000,
            });
            assert.ok(await heard(2022), "the one to keep is gone");
            assert.equal(await heard(5905), false, "the passing one came back");
            const seen = await firewall.inspect(remote, "auto", callWith());
            assert.deepEqual(seen.forwards.get("kept")?.missing, []);
            assert.ok((seen.forwards.get("passing")?.missing.length ?? 0) > 0);
            await host.must("systemctl restart docker");
            await host.must("until systemctl is-active -q pulumi-isardvdi-firewall; do sleep 0.1; done");
            await firewall.apply(remote, [kept, passing], callWith());
            assert.ok(await heard(5905));
            await firewall.apply(remote, [change("kept", undefined), change("passing", undefined)], callWith());
            assert.equal(await units(), before);
            assert.equal(await heard(2022), false);
        } finally {
            await lab.stop();
        }
    });

    it("a reboot of a host whose administrator has saved all rules with netfilter-persistent, nothing doubled", async () => {
        const lab = await Lab.start();
        try {
            const [host, client] = await Promise.all([
                lab.host("h1", { docker: true, systemd: true, netfilterPersistent: true }),
                lab.host("client"),
            ]);
            const remote = new DirectRemote(host);
            const own = async (): Promise<string> => await host.must("iptables-save | grep -i isardvdi | sort");
            await firewall.apply(remote, [kept], callWith());
            const full = await own();
            await host.must("mkdir -p /etc/iptables; netfilter-persistent save");
            await host.reboot();
            await host.must("until systemctl is-active -q pulumi-isardvdi-firewall; do sleep 0.1; done", {
                timeoutMs: 60_000,
            });
            assert.ok((await client.tcp(host.address, 2022)).text.startsWith("SSH-"));
            assert.equal(await own(), full);
            await firewall.apply(remote, [change("kept", undefined)], callWith());
            assert.equal(await host.must("iptables-save | grep -ci isardvdi || true"), "0\n");
        } finally {
            await lab.stop();
        }
    });

    it("a reboot of a host without systemd, by netfilter-persistent", async () => {
        const lab = await Lab.start();
        try {
            const [host, client] = await Promise.all([lab.host("h1", { docker: true }), lab.host("client")]);
            const remote = new DirectRemote(host);
            const heard = async (port: number) => (await client.tcp(host.address, port)).text !== "";
            const before = await traces(host);
            await firewall.apply(remote, [kept, passing], callWith());
            await host.reboot();
            // as the host's own init scripts do, in their order
            await host.must("netfilter-persistent start");
            host.spawn("exec dockerd >>/var/log/dockerd.log 2>&1");
            await host.must("until docker exec isard-hypervisor cat /run/ready >/dev/null 2>&1; do sleep 0.1; done", {
                timeoutMs: 60_000,
            });
            assert.ok(await heard(2022), "the one to keep is gone");
            assert.equal(await heard(5905), false, "the passing one came back");
            await firewall.apply(remote, [change("kept", undefined), change("passing", undefined)], callWith());
            assert.deepEqual(ours(await traces(host)), ours(before));
            assert.equal(
                await host.must("ls /usr/share/netfilter-persistent/plugins.d | grep -c isard || true"),
                "0\n",
            );
        } finally {
            await lab.stop();
        }
    });
});
