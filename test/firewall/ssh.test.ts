import { strict as assert } from "node:assert";
import { isCode } from "../../provider/errors";
import { openFirewall } from "../../provider/firewall";
import { openRemotes, type Remote } from "../../provider/remote";
import { needsLab } from "../lab/skip";
import { type Bare, bareHost } from "./bare-host";
import { callWith, change, traces } from "./harness";

describe("the firewall over real SSH", function () {
    this.timeout(180_000);
    const firewall = openFirewall();
    const remotes = openRemotes();
    let bare: Bare;
    let remote: Remote;
    before(needsLab);
    before(async () => {
        bare = await bareHost();
        remote = remotes.open({ ...(await bare.host.connection()), dialErrorLimit: 1, perDialTimeout: 3 });
    });
    after(async () => {
        await remotes.close();
        await bare?.lab.stop();
    });

    it("forwards, confirms over a second connection and leaves nothing running", async () => {
        const before = await traces(bare.host);
        await firewall.apply(remote, [change("a", bare.ssh)], callWith());
        assert.ok(await bare.arrives());
        assert.equal((await bare.host.exec("pgrep -f 'armed/[w]atch'")).stdout, "", "the rollback still waits");
        await firewall.apply(remote, [change("a", undefined)], callWith());
        assert.equal(await traces(bare.host), before);
    });

    it("cannot be locked out by a forward of the SSH port", async () => {
        const before = await traces(bare.host);
        const cut = { ...bare.ssh, from: 22, to: 22, toAddress: "10.254.254.254" };
        await assert.rejects(
            firewall.apply(remote, [change("cut", cut, { rollbackSeconds: 6 })], callWith()),
            (error) => isCode(error, "ssh-unreachable") && /has rolled the change back/.test(error.message),
        );
        assert.match((await bare.client.tcp(bare.host.address, 22)).text, /^SSH-/);
        assert.equal(await traces(bare.host), before);
    });

    it("puts 2,000 forwards in with one transaction", async () => {
        const changes = Array.from({ length: 2000 }, (_, index) =>
            change(`n${index}`, { ...bare.ssh, from: 10_000 + index, to: 10_000 + index, toPort: 2022 }),
        );
        const runs: number[] = [];
        const counting: Remote = {
            ...remote,
            name: remote.name,
            run: async (...args) => (runs.push(1), await remote.run(...args)),
            runAnew: async (...args) => (runs.push(2), await remote.runAnew(...args)),
        };
        const { host } = await firewall.apply(counting, changes, callWith());
        assert.equal(host.forwards.size, 2000);
        assert.deepEqual(runs, [1, 1, 2], "look, apply, and the proof over a new connection");
        assert.ok(await bare.arrives(11_999));
        const gone = changes.map(({ owner }) => change(owner.tag, undefined));
        await firewall.apply(remote, gone, callWith());
        assert.ok(await bare.isSilent(11_999));
    });
});
