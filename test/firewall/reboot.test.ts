import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import type { LabHost } from "../lab/host";
import { Lab } from "../lab/lab";
import { SILENCE_MS } from "../lab/packets";
import { needsLab } from "../lab/skip";
import { callWith, change, DirectRemote, ssh } from "./harness";

const kept = change("kept", ssh);
const passing = change("passing", { ...ssh, from: 5900, to: 5910, persist: false });

describe("forwards survive what others do", function () {
    this.timeout(300_000);
    const firewall = openFirewall();
    let lab: Lab;
    let client: LabHost;
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        client = await lab.host("client");
    });
    after(async () => await lab?.stop());

    it("a reboot, where they are to", async () => {
        const host = await lab.host("booted", { docker: true, systemd: true });
        const remote = new DirectRemote(host);
        const heard = async (port: number, timeoutMs?: number) =>
            (await client.tcp(host.address, port, { ...(timeoutMs && { timeoutMs }) })).text !== "";
        const units = async () => await host.must("find /etc/systemd/system | sort");
        const before = await units();
        const { refused } = await firewall.apply(remote, [kept, passing], callWith());
        assert.deepEqual([...refused], []);
        assert.ok(await heard(2022));
        assert.ok(await heard(5905));
        await host.reboot();
        await host.must("until systemctl is-active -q pulumi-isardvdi-firewall; do sleep 0.1; done");
        assert.ok(await heard(2022), "the one to keep is gone");
        assert.equal(await heard(5905, SILENCE_MS), false, "the passing one came back");
        const seen = await firewall.inspect(remote, "auto", callWith());
        assert.deepEqual(seen.forwards.get("kept")?.missing, []);
        assert.ok((seen.forwards.get("passing")?.missing.length ?? 0) > 0);
        await host.must("systemctl restart docker");
        await host.must("until systemctl is-active -q pulumi-isardvdi-firewall; do sleep 0.1; done");
        await firewall.apply(remote, [kept, passing], callWith());
        assert.ok(await heard(5905));
        await firewall.apply(remote, [change("kept", undefined), change("passing", undefined)], callWith());
        assert.equal(await units(), before);
        assert.equal(await heard(2022, SILENCE_MS), false);
    });

    it("a reboot of a host whose administrator has saved all rules with netfilter-persistent, nothing doubled", async () => {
        const host = await lab.host("saved", { docker: true, systemd: true, netfilterPersistent: true });
        const remote = new DirectRemote(host);
        const own = async (): Promise<string> => await host.must("iptables-save | grep -i isardvdi | sort");
        await firewall.apply(remote, [kept], callWith());
        const full = await own();
        await host.must("mkdir -p /etc/iptables; netfilter-persistent save");
        await host.reboot();
        await host.must("until systemctl is-active -q pulumi-isardvdi-firewall; do sleep 0.1; done");
        assert.ok((await client.tcp(host.address, 2022)).text.startsWith("SSH-"));
        assert.equal(await own(), full);
        await firewall.apply(remote, [change("kept", undefined)], callWith());
        assert.equal(await host.must("iptables-save | grep -ci isardvdi || true"), "0\n");
    });
});
