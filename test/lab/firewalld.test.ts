import { strict as assert } from "node:assert";
import type { Firewall } from "./firewall";
import type { LabHost } from "./host";
import { Lab } from "./lab";
import { SILENCE_MS } from "./packets";
import { needsLab } from "./skip";

const FORWARD = "port=2022:proto=tcp:toport=2022:toaddr=172.31.255.17";
const CONTAINER = "-p tcp -d 172.31.255.17 --dport 2022 -m conntrack --ctstate DNAT -j ACCEPT";

describe("a host of the lab with firewalld", function () {
    this.timeout(300_000);
    let lab: Lab;
    let client: LabHost;
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        client = await lab.host("client");
    });
    after(async () => await lab?.stop());

    for (const [firewall, alone] of [
        ["firewalld-nftables", false],
        ["firewalld-iptables", true],
    ] satisfies [Firewall, boolean][])
        it(`with ${firewall} and Docker ${alone ? "forwards by its own entry" : "needs an accept for Docker as well"}`, async () => {
            const host = await lab.host(firewall, { firewall, docker: true });
            const backend = firewall.replace("firewalld-", "");
            assert.match(
                await host.must("cat /etc/firewalld/firewalld.conf"),
                new RegExp(`^FirewallBackend=${backend}$`, "m"),
            );
            assert.equal(/table inet firewalld/.test(await host.must("nft list tables")), backend === "nftables");
            assert.equal(/FORWARD_direct|FWD_public/.test(await host.must("iptables-save")), backend === "iptables");
            assert.match(await host.must("iptables -S FORWARD"), /-P FORWARD DROP/);
            await host.must(`firewall-cmd -q --add-forward-port=${FORWARD}`);
            const first = await client.tcp(host.address, 2022, alone ? {} : { timeoutMs: SILENCE_MS });
            assert.equal(first.connected, alone, JSON.stringify(first));
            if (!alone) await host.must(`iptables -I DOCKER-USER ${CONTAINER}`);
            assert.match((await client.tcp(host.address, 2022)).text, /^SSH-2.0-/);
            await host.must(`firewall-cmd -q --remove-forward-port=${FORWARD}`);
            assert.equal((await client.tcp(host.address, 2022, { timeoutMs: SILENCE_MS })).connected, false);
        });
    it("has guests that reach the others, and answers on SSH", async () => {
        const host = await lab.host("plain", { firewall: "firewalld-nftables" });
        const guest = await lab.host("guest", { behind: host });
        assert.match((await client.tcp(host.address, 22)).text, /^SSH-2.0-/);
        assert.match((await guest.tcp(client.address, 22)).text, /^SSH-2.0-/);
        assert.equal((await client.tcp(host.address, 81)).error, "EHOSTUNREACH", "firewalld does not reject");
    });
});
