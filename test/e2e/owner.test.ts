import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { Hosts } from "./harness/hosts";
import { stopIn } from "./harness/process";
import { Site, until } from "./harness/site";
import type { Stack, StateResource } from "./harness/stack";
import { once } from "./harness/text";

const CLI = resolve(__dirname, "../../dist/cli/main.js");
const index = `
const pulumi = require("@pulumi/pulumi");
const isardvdi = require("pulumi-isardvdi");
const made = {};
for (const { kind, name, args, parent, ...options } of require("./program.json")) {
    if (parent) made[parent] ??= new pulumi.ComponentResource("e2e:Component", parent);
    new isardvdi[kind](name, args, { ...options, parent: made[parent] });
}
`;

interface Declared {
    kind: string;
    name: string;
    args: Record<string, unknown>;
    parent?: string;
    [option: string]: unknown;
}

const ours: Record<string, Record<string, unknown>> = {
    Hypervisor: { hyperId: "h1", hostname: "h1", kvmModule: "intel", enabled: false, awaitOnline: false },
    PortForward: { connection: "h1", protocol: "tcp", port: 5900, toAddress: "172.31.255.17", verify: "rules" },
};
const kinds = ["Hypervisor", "PortForward"];
/** The one hypervisor and the one forward that all stories are about, under one name. */
const thing = (name: string, options: Partial<Declared> = {}): Declared[] =>
    kinds.map((kind) => ({ kind, name, ...options, args: { ...ours[kind], ...options.args } }));

describe("a hypervisor and a forward belong to one resource of one stack, with the real CLI", function () {
    this.timeout(300_000);
    let site: Site;
    let hosts: Hosts;
    let stack: Stack;
    let untouched: string;
    before(needsLab);
    before(async () => {
        site = await Site.start({ machines: true, packages: packages(), hosts: ["h1"] });
        hosts = new Hosts(site.sandbox);
        // the engine's way to the hypervisor, which is none of ours
        await hosts.on(
            "h1",
            `iptables -t nat -A PREROUTING -p tcp --dport 2022 -j DNAT --to-destination 172.31.255.17
            iptables -I DOCKER-USER -p tcp -d 172.31.255.17 --dport 2022 -j ACCEPT`,
        );
        untouched = await hosts.traces("h1");
    });
    beforeEach(async () => {
        stack = await site.stack({ connections: JSON.stringify(site.sandbox.connections()) });
        writeFileSync(join(stack.project, "index.js"), index);
        declare(thing("a"));
        await stack.deploy();
        await isThere();
    });
    afterEach(async () => {
        site.sandbox.clearFaults();
        if (site.row("h1")) await site.call("DELETE", "/api/v4/admin/item/hypervisor/h1");
        await until("h1 is gone", () => site.row("h1") === undefined);
    });
    after(async () => {
        await hosts?.close();
        await site?.stop();
    });

    const declare = (...things: Declared[][]): void =>
        writeFileSync(join(stack.project, "program.json"), JSON.stringify(things.flat()));
    const urns = (name: string): string[] =>
        stack.resources().flatMap(({ urn }) => (urn.endsWith(`::${name}`) && /isardvdi:/.test(urn) ? [urn] : []));
    /** With what the state has of the kind as alias. */
    const moved = (things: Declared[]): Declared[] =>
        things.map((each) => ({
            ...each,
            aliases: urns("a").filter((urn) => urn.includes(`isardvdi:${each.kind}::`)),
        }));
    const mark = (): string => String(site.row("h1")?.["pulumi_owner"]);
    const rules = async (): Promise<string[]> =>
        (await hosts.traces("h1")).split("\n").filter((line) => /dport 5900 .*-j DNAT/.test(line));
    /** The record and the rule are there, once, as one resource's each; whose, by the row and by the host's own ledger. */
    async function isThere(owner = "::a"): Promise<void> {
        assert.match(mark(), new RegExp(`^[0-9a-f]{12} urn:pulumi:.*Hypervisor${owner}$`));
        const [rule = "", ...more] = await rules();
        assert.deepEqual(more, []);
        const [, tag = "none"] = /pulumi-isardvdi:([0-9a-f]{12})/.exec(rule) ?? [];
        const ledger = await hosts.on("h1", `grep -h -F '${tag}' -r /var/lib/pulumi-isardvdi`);
        assert.match(ledger, new RegExp(`PortForward${owner}"`));
    }
    /** The state says what is so: a refresh finds nothing, and an up has nothing to do. */
    async function isTold(): Promise<void> {
        await stack.deploy("--refresh", "--expect-no-changes");
    }
    async function isClean(): Promise<void> {
        await stack.destroy();
        assert.equal(site.row("h1"), undefined);
        assert.equal(await hosts.traces("h1"), untouched);
    }
    const deletions = (): string[] => site.writes().filter((line) => line.startsWith("DELETE"));
    const replaced = async (): Promise<void> =>
        void (await stack.deploy(...urns("a").flatMap((urn) => ["--target-replace", urn])));
    const conflicts = (output: string): void => {
        once(
            output,
            /Unable to create hypervisor "h1": it belongs to urn:\S+Hypervisor::\w+\. .*aliases.*pulumi-isardvdi release h1/,
        );
        once(
            output,
            /Unable to forward tcp port 5900 on \S+: urn:\S+PortForward::\w+ already forwards .*aliases.*clear-forwards/,
        );
    };

    it("that is replaced is made anew, or handed over where the new one is made first", async () => {
        await replaced();
        await isThere();
        deletions();
        const before = [mark(), ...(await rules())];
        declare(thing("a", { deleteBeforeReplace: false }));
        await replaced();
        assert.deepEqual(deletions(), []);
        await isThere();
        const after = [mark(), ...(await rules())];
        before.forEach((each, at) => assert.notEqual(each, after[at], "the new one has a mark of its own"));
        await isTold();
        await isClean();
    });

    it("that was retained is taken over by another name once its owner is dropped, and a forgotten one by its own", async () => {
        declare(thing("a", { retainOnDelete: true }));
        await stack.deploy();
        declare([]);
        await stack.deploy();
        await isThere();
        declare(thing("b"));
        const { code, output } = await stack.up("--continue-on-error");
        assert.notEqual(code, 0);
        conflicts(output);
        await isThere();
        // as the messages say
        const [, command = ""] = /(clear-forwards CONNECTION --owner '[^']+' --yes)/.exec(output) ?? [];
        const words = command.replace("CONNECTION", "h1").replaceAll("'", "").split(" ");
        for (const args of [["release", "h1", "--yes"], words]) {
            const done = await stack.program(process.execPath, CLI, ...args, "--stack", "dev").finished;
            assert.equal(done.code, 0, done.output);
        }
        assert.deepEqual([site.row("h1")?.["pulumi_owner"], await rules()], ["", []]);
        await stack.deploy();
        await isThere("::b");
        // forgotten, and made again under the same name
        for (const urn of urns("b")) await stack.ok("state", "delete", urn, "--yes");
        await stack.deploy();
        await isThere("::b");
        await isTold();
        await isClean();
    });

    it("that moves is left where it is: with aliases it goes on, without them both are told", async () => {
        declare(thing("a", { parent: "site" }));
        const { code, output } = await stack.up();
        assert.notEqual(code, 0);
        // which of the two fails first ends the run
        assert.match(output, /belongs to urn:\S+Hypervisor::a\.|urn:\S+PortForward::a already forwards/);
        await isThere();
        deletions();
        const top = urns("a");
        declare(moved(thing("a", { parent: "site" })));
        await stack.deploy();
        assert.deepEqual([deletions(), urns("a").length], [[], 2]);
        assert.notDeepEqual(urns("a"), top);
        await isThere();
        await isTold();
        await replaced();
        await isThere();
        // and back, with a change, which writes the name of today
        const changed: Declared["args"] = {
            Hypervisor: { description: "x" },
            PortForward: { sourceCidrs: ["10.0.0.0/8"] },
        };
        declare(
            moved(thing("b")).map((each) => ({ ...each, args: { ...each.args, ...(changed[each.kind] as object) } })),
        );
        await stack.deploy();
        await isThere("::b");
        await isTold();
        await isClean();
    });

    it("of two names in one program is refused in the preview", async () => {
        declare(thing("a"), thing("b").slice(0, 1));
        const { code, output } = await stack.run("preview");
        assert.notEqual(code, 0);
        assert.match(
            output,
            /"a" of this program has hyperId "h1" already|"b" of this program has hyperId "h1" already/,
        );
        await isThere();
    });

    it("of two stacks is the first one's, until the other one is told to take it", async () => {
        stack.add("other", {
            apiUrl: site.sandbox.apiUrl,
            apiSecret: site.sandbox.apiSecret,
            connections: JSON.stringify(site.sandbox.connections()),
        });
        const { code, output } = await stack.up("--continue-on-error", "--stack", "other");
        assert.notEqual(code, 0);
        conflicts(output);
        await stack.destroy("--stack", "other");
        await isThere();
        await isTold();
        // the record is taken over; a forward of ours is never
        declare(thing("a", { args: { adopt: true } }).slice(0, 1));
        await stack.deploy("--stack", "other");
        assert.match(mark(), /urn:pulumi:other::/);
        declare(thing("a", { args: { description: "mine" } }).slice(0, 1));
        once((await stack.up()).output, /Unable to update hypervisor "h1": it belongs to urn:pulumi:other::/);
        deletions();
        await stack.destroy();
        assert.deepEqual(deletions(), []);
        assert.match(mark(), /urn:pulumi:other::/);
        await stack.destroy("--stack", "other");
        assert.equal(site.row("h1"), undefined);
        assert.equal(await hosts.traces("h1"), untouched);
    });

    /** As when the machine loses its power, at the moment that something holds. */
    async function killedOnce(what: string, holds: () => boolean, flags: string[]): Promise<void> {
        const { pid, finished } = stack.startUp(...flags);
        await until(what, holds);
        process.kill(-pid, "SIGKILL");
        // the provider outlives the CLI, in a group of its own
        stopIn(stack.project);
        await finished;
        site.sandbox.clearFaults();
        await stack.run("cancel", "--yes");
    }
    const replacing = (): string[] => urns("a").flatMap((urn) => ["--target-replace", urn]);

    it("outlives a run that is killed between the create and the delete", async () => {
        // the engine deletes at the end, which this one holds back
        site.sandbox.fault({ kind: "slow", delayMs: 3_600_000, match: /h9/ });
        const last = { kind: "Hypervisor", name: "last", args: { ...ours["Hypervisor"], hyperId: "h9" } };
        declare(thing("a", { deleteBeforeReplace: false }), [last]);
        const toDelete = (): StateResource[] =>
            stack.resources().filter((each) => "delete" in each && each.delete === true);
        await killedOnce("both are made", () => toDelete().length === 2, replacing());
        deletions();
        declare(thing("a", { deleteBeforeReplace: false }));
        await stack.deploy();
        assert.deepEqual([deletions(), toDelete()], [[], []]);
        await isThere();
        await isTold();
        await isClean();
    });

    it("outlives one that is killed before the state knows of the new one, and is the old one's again", async () => {
        declare(thing("a", { deleteBeforeReplace: false }));
        const before = mark();
        site.sandbox.fault({ kind: "slow", delayMs: 3_600_000, after: true, match: /^PUT .*table\/update/ });
        const [urn = ""] = urns("a").filter((each) => each.includes(":Hypervisor::"));
        await killedOnce("it is claimed", () => mark() !== before, ["--target-replace", urn]);
        declare(
            thing("a").map((each) =>
                each.kind === "Hypervisor" ? { ...each, args: { ...each.args, description: "again" } } : each,
            ),
        );
        await stack.deploy("--refresh");
        assert.equal(mark(), before);
        await isThere();
        await isTold();
        await isClean();
    });
});
