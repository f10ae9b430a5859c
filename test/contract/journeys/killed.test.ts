import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import { Halt, type Moment } from "../../e2e/harness/halt";
import { Hosts } from "../../e2e/harness/hosts";
import { Site } from "../../e2e/harness/site";
import { packages } from "../../lab/packages";
import { needsLab } from "../../lab/skip";
import type { Declared } from "../../lifecycle/declared";
import { Deployment } from "../../lifecycle/deployment";
import { held } from "./stack";

// its rollback is short, so that the next run need not wait long for what the killed one left
const program = [2022, "5900-7899"].map((port): Declared => ({
    type: "PortForward",
    name: `tcp-${port}`,
    args: { connection: "h1", protocol: "tcp", toAddress: "172.31.255.17", rollbackSeconds: 5, port },
    after: [],
}));

const moments: Record<string, Moment> = {
    "is armed, before anything is changed": { program: "/usr/bin/setsid", arguments: "*armed/watch*", when: "before" },
    "has its rules, before it is told": { program: "/usr/sbin/iptables-nft-restore", when: "after" },
    "is about to be confirmed": { program: "/usr/bin/mv", arguments: '"armed kept"*', when: "before" },
    "is confirmed, before it is told": { program: "/usr/bin/mv", arguments: '"armed kept"*', when: "after" },
};

describe("an up that is killed while a host is changed", function () {
    this.timeout(300_000);
    let site: Site;
    let hosts: Hosts;
    let stack: Deployment;
    let untouched: string;
    let opened: string[];
    // which of two forwards came first is of no importance
    /** What is made after a run that was killed gets tags of its own. */
    const rules = async (): Promise<string[]> =>
        (await hosts.traces("h1"))
            .replace(/pulumi-isardvdi:[0-9a-f]{12}/g, "pulumi-isardvdi:TAG")
            .split("\n")
            .sort();
    before(needsLab);
    before(async () => {
        site = await Site.start({ machines: true, packages: packages(), hosts: ["h1"] });
        hosts = new Hosts(site.sandbox);
        stack = await Deployment.start({ connections: JSON.stringify(site.sandbox.connections()) });
        untouched = await hosts.traces("h1");
        assert.deepEqual(await stack.up(program), []);
        opened = await rules();
        assert.equal(opened.filter((line) => line.includes("-j DNAT")).length, 2, opened.join("\n"));
    });
    beforeEach(async () => {
        assert.deepEqual(await stack.destroy(), []);
        assert.equal(await hosts.traces("h1"), untouched);
        await stack.anew();
    });
    after(async () => {
        await stack?.stop();
        await hosts?.close();
        await site?.stop();
    });

    /** As when the machine loses its power. */
    async function kill(running: Promise<unknown>): Promise<void> {
        await stack.kill();
        await running;
        await stack.anew();
    }

    async function upAgain(): Promise<void> {
        assert.deepEqual(await stack.up(program), []);
        assert.deepEqual(await rules(), opened);
        assert.equal(await hosts.heard("h1"), "SSH-");
        assert.deepEqual(await held(stack), ["tcp-2022", "tcp-5900-7899"]);
    }

    for (const [name, moment] of Object.entries(moments)) {
        it(`when the change ${name}`, async () => {
            const halt = await Halt.set(hosts, "h1", moment);
            const running = stack.up(program);
            try {
                await halt.reached();
                await kill(running);
            } finally {
                await halt.release();
            }
            await upAgain();
        });
    }

    it("when a packet is waited for", async () => {
        const said = async (): Promise<number> => (await stack.clearText()).split("waiting for a packet").length;
        const before = await said();
        site.sandbox.host("h1").closeSsh();
        const running = stack.up(program);
        while ((await said()) === before) await sleep(20);
        await kill(running);
        site.sandbox.host("h1").openSsh();
        await upAgain();
    });
});
