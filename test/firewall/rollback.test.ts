import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { isCode } from "../../provider/errors";
import { SILENCE_MS } from "../lab/packets";
import { needsLab } from "../lab/skip";
import { type Bare, bareHost } from "./bare-host";
import { callWith, change, traces } from "./harness";

describe("a change of the firewall that goes wrong", function () {
    this.timeout(120_000);
    const firewall = openFirewall();
    let bare: Bare;
    before(needsLab);
    before(async () => {
        bare = await bareHost();
    });
    after(async () => await bare?.lab.stop());
    afterEach(async () => {
        bare.remote.before = () => undefined;
        const { forwards } = await firewall.inspect(bare.remote, "auto", callWith());
        await firewall.apply(
            bare.remote,
            [...forwards.keys()].map((tag) => change(tag, undefined)),
            callWith(),
        );
    });

    it("is put back by the host alone when the way in is cut; a foreign rule of meanwhile stays", async () => {
        const { host, client, remote } = bare;
        await firewall.apply(remote, [change("kept", bare.ssh)], callWith());
        const before = await traces(host);
        const port22 = async (timeoutMs = 30_000) => (await client.tcp(host.address, 22, { timeoutMs })).text;
        assert.match(await port22(), /^SSH-2.0-OpenSSH/);
        // port 22 now leads to an address where nobody is
        const cut = { ...bare.ssh, from: 22, to: 22, toAddress: "10.254.254.254" };
        remote.before = async (_script, isAnew) => {
            if (!isAnew) return;
            if (!(await port22(SILENCE_MS))) {
                await host.exec("iptables -C INPUT -s 192.0.2.7 -j DROP || iptables -A INPUT -s 192.0.2.7 -j DROP");
                throw new Error("no connection");
            }
        };
        const said: string[] = [];
        await assert.rejects(
            firewall.apply(
                remote,
                [change("cut", cut, { rollbackSeconds: 5 })],
                callWith({ status: (l) => said.push(l) }),
            ),
            (error) => isCode(error, "ssh-unreachable") && /has rolled the change back/.test(error.message),
        );
        assert.ok(said.length > 0);
        assert.match(await port22(), /^SSH-2.0-OpenSSH/);
        assert.ok(await bare.arrives());
        assert.match(await host.must("iptables -S INPUT"), /192.0.2.7/);
        await host.must("iptables -D INPUT -s 192.0.2.7 -j DROP");
        assert.equal(await traces(host), before);
    });

    it("is put back where nobody confirms it, and the next run waits for that", async () => {
        const { host, remote } = bare;
        const before = await traces(host);
        const controller = new AbortController();
        remote.before = (_script, isAnew) => {
            if (isAnew) controller.abort(new Error("stopped"));
            controller.signal.throwIfAborted();
        };
        const call = { ...callWith(), signal: controller.signal };
        const first = firewall.apply(remote, [change("one", bare.ssh, { rollbackSeconds: 5 })], call);
        await assert.rejects(first);
        remote.before = () => undefined;
        const said: string[] = [];
        const { host: seen } = await firewall.apply(
            remote,
            [change("two", { ...bare.ssh, from: 5900, to: 5910 })],
            callWith({ status: (line) => said.push(line) }),
        );
        assert.deepEqual([...seen.forwards.keys()], ["two"]);
        assert.ok(await bare.isSilent(2022));
        assert.ok(await bare.arrives(5905));
        await firewall.apply(remote, [change("two", undefined)], callWith());
        assert.equal(await traces(host), before);
    });

    it("does not interleave with another run's", async () => {
        const { remote, host } = bare;
        const ports = Array.from({ length: 10 }, (_, index) => 3000 + index);
        const runs = ports.map((port) =>
            firewall.apply(remote, [change(`p${port}`, { ...bare.ssh, from: port, to: port })], callWith()),
        );
        await Promise.all(runs);
        const { forwards } = await firewall.inspect(remote, "auto", callWith());
        assert.equal(forwards.size, 10);
        assert.deepEqual(
            [...forwards.values()].flatMap(({ missing }) => missing),
            [],
        );
        assert.equal((await host.must("iptables-save | grep -c -e '-j DNAT'")).trim(), "10");
    });
});
