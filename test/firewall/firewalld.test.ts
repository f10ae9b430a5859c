import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import type { LabHost } from "../lab/host";
import { Lab } from "../lab/lab";
import { SILENCE_MS } from "../lab/packets";
import { needsLab } from "../lab/skip";
import { callWith, change, DirectRemote, ssh, traces, withoutBackups } from "./harness";
import { command } from "./rebuild";
import { asksDockerOnce } from "./uplink";

describe("firewalld with Docker", function () {
    this.timeout(180_000);
    const firewall = openFirewall();
    let lab: Lab;
    let host: LabHost;
    let client: LabHost;
    let remote: DirectRemote;
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        [host, client] = await Promise.all([
            lab.host("h1", { docker: true, firewall: "firewalld-nftables" }),
            lab.host("client"),
        ]);
        remote = new DirectRemote(host);
    });
    after(async () => await lab?.stop());
    const works = async (timeoutMs = 30_000): Promise<boolean> =>
        (await client.tcp(host.address, 2022, { timeoutMs })).text.startsWith("SSH-");

    it("quotes a foreign forward-port, takes an equal one over for good, and gives nothing else away", async () => {
        const manual = "--add-forward-port=port=2022:proto=tcp:toaddr=172.31.255.17";
        const others = "--add-forward-port=port=8080:proto=tcp:toport=80:toaddr=10.9.9.9";
        for (const permanent of ["--permanent", ""])
            await host.must(`firewall-cmd -q ${permanent} ${manual} ${others}`);
        const { refused } = await firewall.apply(remote, [change("a", ssh)], callWith());
        assert.match(refused.get("a")?.message ?? "", /zone public: port=2022:proto=tcp/);
        const { host: seen } = await firewall.apply(remote, [change("a", ssh, { adopt: true })], callWith());
        assert.deepEqual(seen.forwards.get("a")?.missing, []);
        assert.ok(await works());
        const listed = async (how: string) => await host.must(`firewall-cmd ${how} --list-forward-ports`);
        for (const how of ["", "--permanent"])
            assert.match(await listed(how), /\nport=8080:proto=tcp:toport=80:toaddr=10.9.9.9\s*$/);
        await firewall.apply(remote, [change("a", undefined)], callWith());
        for (const how of ["", "--permanent"]) assert.doesNotMatch(await listed(how), /2022/);
        for (const permanent of ["--permanent", ""])
            await host.must(`firewall-cmd -q ${permanent} ${others.replace("--add", "--remove")}`);
    });

    asksDockerOnce(() => host);

    it("sees Docker's accept flushed by others and an unknown zone, and changes a target", async () => {
        const before = await traces(host);
        const bad = await firewall.apply(remote, [change("z", { ...ssh, zone: "nozone" })], callWith());
        assert.match(bad.refused.get("z")?.message ?? "", /no zone "nozone". Zones there: .*public/);
        await firewall.apply(remote, [change("a", { ...ssh, toPort: 9 })], callWith());
        assert.equal(await works(SILENCE_MS), false);
        await firewall.apply(remote, [change("a", ssh)], callWith());
        assert.ok(await works());
        const rules = "iptables -S DOCKER-USER | grep -e '^-A'";
        const theirs = (await host.must(`${rules} || true`)).split("\n").filter((line) => line && !/2022/.test(line));
        await host.must("iptables -F DOCKER-USER");
        const seen = await firewall.inspect(remote, "auto", callWith());
        assert.match(seen.forwards.get("a")?.missing.join("\n") ?? "", /^direct: ipv4 filter DOCKER-USER/);
        for (const line of theirs) await host.must(`iptables ${line}`);
        await firewall.apply(remote, [change("a", ssh)], callWith());
        assert.ok(await works(), "the accept was not put back");
        await firewall.apply(remote, [change("a", undefined)], callWith());
        assert.equal(await traces(host), before);
    });

    it("tells a ledger that was lost from its direct and rich rules", async () => {
        const ledger = "/var/lib/pulumi-isardvdi/firewall/ledger";
        const forwards = [
            change("a", { ...ssh, local: true, sourceCidrs: [`${client.address}/32`] }),
            change("b", { ...ssh, from: 5900, to: 5910, persist: false }),
        ];
        await firewall.apply(remote, forwards, callWith());
        const before = await traces(host);
        await host.must(`: >${ledger}`);
        const { code, err } = await command(host, "rebuild-ledger", "h1", "--yes");
        assert.equal(code, 0, err);
        assert.equal(await traces(host), before);
        const { forwards: seen } = await firewall.inspect(remote, "auto", callWith());
        assert.deepEqual(
            [...seen.values()].map(({ forward, missing }) => [
                forward.from,
                forward.sourceCidrs,
                forward.persist,
                missing,
            ]),
            [
                [2022, [`${client.address}/32`], true, []],
                [5900, undefined, false, []],
            ],
        );
        assert.ok(await works());
        await firewall.apply(
            remote,
            forwards.map(({ owner }) => change(owner.tag, undefined)),
            callWith(),
        );
        assert.equal(await works(SILENCE_MS), false);
    });

    it("is put back when nobody confirms", async () => {
        await firewall.apply(remote, [change("a", ssh)], callWith());
        const before = await traces(host);
        remote.before = (script, isAnew) => {
            if (isAnew && script.includes("echo kept")) throw new Error("no connection");
        };
        const moved = change("a", { ...ssh, toPort: 9, local: true }, { rollbackSeconds: 5 });
        await assert.rejects(firewall.apply(remote, [moved], callWith()), /has rolled the change back/);
        remote.before = () => undefined;
        assert.deepEqual(withoutBackups(await traces(host)), withoutBackups(before));
        assert.ok(await works());
        await firewall.apply(remote, [change("a", undefined)], callWith());
    });

    it("loses a forward that is not to stay with the next reload only", async () => {
        await firewall.apply(remote, [change("a", { ...ssh, persist: false })], callWith());
        assert.ok(await works());
        assert.doesNotMatch(await host.must("firewall-cmd --permanent --list-rich-rules"), /2022/);
        await firewall.apply(remote, [change("a", undefined)], callWith());
        assert.equal(await works(SILENCE_MS), false);
    });
});
