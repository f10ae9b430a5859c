import { strict as assert } from "node:assert";
import { overSsh } from "./client";
import type { LabHost } from "./host";
import { Lab } from "./lab";
import { needsLab } from "./skip";

describe("a host of the lab with systemd", function () {
    this.timeout(300_000);
    let lab: Lab;
    let client: LabHost;
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        client = await lab.host("client");
    });
    after(async () => await lab?.stop());

    it("runs, and after a reboot starts what was enabled and forgets the rules that nobody kept", async () => {
        const host = await lab.host("booted", { systemd: true, docker: true, netfilterPersistent: true });
        assert.equal(await host.must("systemctl is-system-running"), "running\n");
        assert.equal(await host.must("cat /proc/1/comm"), "systemd\n");
        const unit =
            "[Service]\nType=oneshot\nExecStart=/usr/bin/touch /run/ours\n[Install]\nWantedBy=multi-user.target\n";
        await host.must("cat >/etc/systemd/system/ours.service; systemctl -q enable ours", { input: unit });
        await host.must("iptables -A INPUT -s 192.0.2.1 -j DROP; iptables -A INPUT -s 192.0.2.2 -j DROP");
        await host.must("printf '*filter\\n-A INPUT -s 192.0.2.2 -j DROP\\nCOMMIT\\n' >/etc/iptables/rules.v4");
        const connection = await host.connection();
        await host.reboot();
        assert.equal(await host.must("systemctl is-system-running"), "running\n");
        assert.equal(await host.must("ls /run/ours"), "/run/ours\n");
        const rules = await host.must("iptables -S INPUT");
        assert.doesNotMatch(rules, /192.0.2.1/);
        assert.match(rules, /192.0.2.2/);
        assert.match((await host.tcp("172.31.255.17", 2022)).text, /^SSH-2.0-/);
        assert.match((await client.tcp(host.address, 22)).text, /^SSH-2.0-/);
        assert.equal(await overSsh(connection, "hostname"), "booted\n");
        await host.restartDocker();
        assert.match((await host.tcp("172.31.255.17", 2022)).text, /^SSH-2.0-/);
    });
    it("keeps what is permanent in firewalld, and only that", async () => {
        const host = await lab.host("zones", { systemd: true, firewall: "firewalld-nftables" });
        await host.must("firewall-cmd -q --permanent --add-port=81/tcp; firewall-cmd -q --add-port=82/tcp");
        await host.reboot();
        assert.equal(await host.must("firewall-cmd --list-ports"), "81/tcp\n");
    });
});
