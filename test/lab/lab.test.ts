import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { overSsh } from "./client";
import type { LabHost } from "./host";
import { Lab } from "./lab";
import { needsLab } from "./skip";

describe("the lab's hosts", function () {
    this.timeout(300_000);
    let lab: Lab;
    let h1: LabHost;
    let client: LabHost;
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        [h1, client] = await Promise.all([lab.host("h1"), lab.host("client")]);
    });
    after(async () => await lab?.stop());

    it("have names, disks, iptables, users and processes of their own", async () => {
        assert.equal(await h1.must("hostname"), "h1\n");
        assert.equal(await client.must("cat /proc/sys/kernel/hostname"), "client\n");
        await h1.must("iptables -A INPUT -s 192.0.2.1 -j DROP; useradd -m someone; echo mine >/etc/mine");
        assert.match(await h1.must("iptables-save"), /-s 192.0.2.1/);
        assert.doesNotMatch(await client.must("iptables-save"), /192/);
        assert.equal((await client.exec("id someone")).code, 1);
        assert.equal((await client.exec("cat /etc/mine")).code, 1);
        assert.equal(spawnSync("id", ["someone"]).status, 1, "this machine knows the user");
        assert.notEqual(await h1.must("cat /etc/machine-id"), await client.must("cat /etc/machine-id"));
        assert.ok((await h1.must("ps -e --no-headers")).split("\n").length < 12);
    });
    it("cannot change this machine's settings, only their network's", async () => {
        assert.equal((await h1.exec("echo 4 >/proc/sys/kernel/printk")).code, 2);
        await h1.must("echo 1 >/proc/sys/net/ipv4/ip_forward");
        assert.equal(await client.must("cat /proc/sys/net/ipv4/ip_forward"), "0\n");
    });
    it("are reached over OpenSSH from outside, through their own firewall", async () => {
        const connection = await h1.connection();
        assert.equal(
            await overSsh(connection, "hostname; echo $SSH_CONNECTION | cut -d' ' -f3-"),
            `h1\n${h1.address} 22\n`,
        );
        await h1.must("iptables -A INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset");
        await assert.rejects(overSsh(connection, "hostname"));
        await h1.must("iptables -D INPUT -p tcp --dport 22 -j REJECT --reject-with tcp-reset");
        assert.equal(await overSsh(connection, "hostname"), "h1\n");
        await assert.rejects(overSsh({ ...connection, hostKey: client.ssh.hostKey }, "hostname"), /verification/);
        await assert.rejects(
            overSsh({ ...connection, privateKey: client.ssh.privateKey }, "hostname"),
            /authentication/,
        );
    });
    it("speak with each other, in tcp and udp", async () => {
        assert.match((await client.tcp(h1.address, 22)).text, /^SSH-2.0-OpenSSH_.*Debian/);
        assert.deepEqual(await client.tcp(h1.address, 23), { connected: false, text: "", error: "ECONNREFUSED" });
        await h1.must("iptables -A INPUT -p tcp --dport 23 -j DROP");
        const lost = await client.tcp(h1.address, 23, { timeoutMs: 300 });
        assert.deepEqual(lost, { connected: false, text: "", error: "ETIMEDOUT" });
        h1.spawn("exec socat UDP-LISTEN:4443,fork EXEC:cat");
        await h1.must("until ss -lun | grep -q :4443; do sleep 0.05; done");
        assert.equal(await client.udp(h1.address, 4443, "hello"), "hello");
        assert.equal(await client.udp(h1.address, 4444, "hello"), undefined);
    });
    it("end what runs too long", async () => {
        const { code, stderr } = await h1.exec("echo $$ >/run/sleeper; exec sleep 77", { timeoutMs: 300 });
        assert.equal(code, 137);
        assert.match(stderr, /ended after 300 ms/);
        await h1.must("while kill -0 $(cat /run/sleeper) 2>/dev/null; do sleep 0.05; done");
    });
    it("lend their network to commands of this machine", async () => {
        const [command = "", ...args] = lab.inside(h1, [
            process.execPath,
            "-p",
            "JSON.stringify(os.networkInterfaces())",
        ]);
        assert.match(spawnSync(command, args, { encoding: "utf8" }).stdout, new RegExp(h1.address));
    });
    it("have guests behind them, whom the others answer", async () => {
        const guest = await lab.host("guest", { behind: h1 });
        assert.match((await guest.tcp(client.address, 22)).text, /^SSH/);
        assert.match((await client.tcp(guest.address, 22)).text, /^SSH/);
        const seen = await sourceSeenBy(guest, client);
        assert.equal(seen, guest.address);
    });
    it("keep their disk through a reboot, and nothing else", async () => {
        const connection = await client.connection();
        await client.must("echo kept >/root/kept; echo gone >/run/gone");
        await client.must("iptables -A INPUT -s 192.0.2.9 -j DROP");
        await client.reboot();
        assert.equal(
            await client.must("cat /root/kept; ls /run/gone 2>/dev/null; iptables-save | grep 192.0.2.9; true"),
            "kept\n",
        );
        assert.equal(await overSsh(connection, "hostname"), "client\n");
    });
    it("choose iptables as Debian does, or have none", async () => {
        const legacy = await lab.host("legacy", { firewall: "iptables-legacy" });
        assert.match(await legacy.must("iptables -V"), /legacy/);
        assert.match(await h1.must("iptables -V; ls /usr/bin/firewall-cmd 2>&1 || true"), /nf_tables[^]*No such file/);
        const none = await lab.host("none", { firewall: "none" });
        assert.equal(await none.must("command -v iptables nft firewall-cmd docker iptables-legacy || true"), "");
    });
});

describe("two labs at once", function () {
    this.timeout(300_000);
    before(needsLab);
    it("do not notice each other, although their addresses are the same", async () => {
        const labs = await Promise.all([Lab.start(), Lab.start()]);
        try {
            const [a, b] = await Promise.all([labs[0].host("a"), labs[1].host("b")]);
            assert.equal(a.address, b.address);
            assert.equal(await overSsh(await a.connection(), "hostname"), "a\n");
            assert.equal(await overSsh(await b.connection(), "hostname"), "b\n");
        } finally {
            await Promise.all(labs.map((lab) => lab.stop()));
        }
    });
});

async function sourceSeenBy(from: LabHost, to: LabHost): Promise<string> {
    const server = to.spawn("exec socat -u -d -d TCP-LISTEN:99 /dev/null");
    await to.must("until ss -ltn | grep -q :99; do sleep 0.05; done");
    const accepted = new Promise<string>((resolve) => {
        let said = "";
        server.stderr?.setEncoding("utf8").on("data", (text: string) => {
            const source = /accepting connection from AF=2 ([0-9.]+)/.exec((said += text))?.[1];
            if (source) resolve(source);
        });
    });
    void from.tcp(to.address, 99);
    return await accepted;
}
