import { strict as assert } from "node:assert";
import type { Firewall } from "./firewall";
import type { LabHost } from "./host";
import { Lab } from "./lab";
import { SILENCE_MS } from "./packets";
import { needsLab } from "./skip";

const HYPERVISOR = "172.31.255.17";

describe("a Docker host of the lab", function () {
    this.timeout(300_000);
    let lab: Lab;
    let client: LabHost;
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        client = await lab.host("client");
    });
    after(async () => await lab?.stop());

    for (const firewall of ["iptables-nft", "iptables-legacy"] satisfies Firewall[])
        it(`with ${firewall} carries no packet by the manual's rule alone, and does with an accept in DOCKER-USER`, async () => {
            const host = await lab.host(firewall, { docker: true, firewall });
            const other = firewall === "iptables-nft" ? "legacy" : "nft";
            assert.match(await host.must("iptables -S FORWARD"), /-P FORWARD DROP/);
            assert.equal(await host.must(`iptables-${other}-save | grep -c DOCKER || true`), "0\n");
            const rule = `PREROUTING -p tcp --dport 2022 -j DNAT --to-destination ${HYPERVISOR}:2022`;
            await host.must(`iptables -t nat -A ${rule}`);
            assert.equal((await client.tcp(host.address, 2022, { timeoutMs: SILENCE_MS })).error, "ETIMEDOUT");
            await host.must(`iptables -I DOCKER-USER -d ${HYPERVISOR} -p tcp -m conntrack --ctstate DNAT -j ACCEPT`);
            assert.match((await client.tcp(host.address, 2022)).text, /^SSH-2.0-/);
            await host.must(`iptables -t nat -D ${rule}`);
            assert.equal((await client.tcp(host.address, 2022)).error, "ECONNREFUSED");
        });

    it("has the containers of an IsardVDI host, also after a restart of the engine", async () => {
        const host = await lab.host("services", { docker: true });
        const check = async (): Promise<void> => {
            assert.match((await host.tcp(HYPERVISOR, 2022)).text, /^SSH-2.0-/);
            for (const port of [5900, 6900, 7899]) assert.equal((await host.tcp(HYPERVISOR, port)).text, `${port}\n`);
            for (const port of [22, 5899, 7900]) assert.equal((await host.tcp(HYPERVISOR, port)).error, "ECONNREFUSED");
            for (const port of [4443, 6081]) assert.equal(await host.udp("172.31.255.23", port, "ping"), "ping");
            assert.equal((await host.tcp("172.31.255.12", 6379, { send: "PING\r\n" })).text, "+PONG\r\n");
        };
        await check();
        const engine = await host.must("cat /run/docker.pid");
        await host.restartDocker();
        assert.notEqual(await host.must("cat /run/docker.pid"), engine);
        await check();
    });
    it("can have its hypervisor's sshd at 22, and other addresses", async () => {
        const host = await lab.host("old", { docker: { hypervisorSsh: [22], network: "172.30.1" } });
        assert.match((await host.tcp("172.30.1.17", 22)).text, /^SSH-2.0-/);
        assert.equal((await host.tcp("172.30.1.17", 2022)).error, "ECONNREFUSED");
    });
});
