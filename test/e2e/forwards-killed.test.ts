import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { Halt, type Moment } from "./harness/halt";
import { Hosts } from "./harness/hosts";
import { Site, until } from "./harness/site";
import type { Stack } from "./harness/stack";

// its rollback is short, so that the next run need not wait long for what the killed one left
const program = `
const { PortForward } = require("pulumi-isardvdi");
const rule = { connection: "h1", protocol: "tcp", toAddress: "172.31.255.17", rollbackSeconds: 5 };
for (const port of [2022, "5900-7899"]) new PortForward("tcp-" + port, { ...rule, port });
`;

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
    let stack: Stack;
    let untouched: string;
    let opened: string[];
    // which of two forwards came first is of no importance
    const rules = async (): Promise<string[]> => (await hosts.traces("h1")).split("\n").sort();
    before(needsLab);
    before(async () => {
        site = await Site.start({ machines: true, packages: packages(), hosts: ["h1"] });
        hosts = new Hosts(site.sandbox);
        stack = await site.stack({ connections: JSON.stringify(site.sandbox.connections()) });
        writeFileSync(join(stack.project, "index.js"), program);
        untouched = await hosts.traces("h1");
        await stack.deploy();
        opened = await rules();
        assert.equal(opened.filter((line) => line.includes("-j DNAT")).length, 2, opened.join("\n"));
    });
    beforeEach(async () => {
        await stack.ok("destroy", "--yes", "--skip-preview");
        assert.equal(await hosts.traces("h1"), untouched);
    });
    after(async () => {
        await hosts?.close();
        await site?.stop();
    });

    /** The CLI and all that it has started, as when the machine loses its power. */
    async function kill({ pid, finished }: { pid: number; finished: Promise<unknown> }): Promise<void> {
        process.kill(-pid, "SIGKILL");
        await finished;
        await stack.run("cancel", "--yes");
    }

    async function upAgain(): Promise<void> {
        await stack.deploy();
        assert.deepEqual(await rules(), opened);
        assert.equal(await hosts.heard("h1"), "SSH-");
        const { resources = [] } = await stack.export();
        assert.equal(resources.filter(({ type }) => type.endsWith(":PortForward")).length, 2);
    }

    for (const [name, moment] of Object.entries(moments)) {
        it(`when the change ${name}`, async () => {
            const halt = await Halt.set(hosts, "h1", moment);
            const running = stack.startUp();
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
        site.sandbox.host("h1").closeSsh();
        const running = stack.startUp();
        await until(
            "waits",
            () => running.events.statusLines().some((line) => /waiting for a packet/.test(line)),
            60_000,
        );
        await kill(running);
        site.sandbox.host("h1").openSsh();
        await upAgain();
    });
});
