import { strict as assert } from "node:assert";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { example } from "./harness/example";
import { Hosts } from "./harness/hosts";
import { Site } from "./harness/site";
import type { Stack } from "./harness/stack";

/** The server as its hosts see it, for each sandbox's own is reached over loopback. */
const address = '"10.77.100.1"';
const names = ["bcn", "mad"] as const;
type Name = (typeof names)[number];

describe("two sites by one program, with the real CLI", function () {
    this.timeout(300_000);
    const sites = {} as Record<Name, Site>;
    const hosts = {} as Record<Name, Hosts>;
    const untouched = {} as Record<Name, string[]>;
    const traces = (name: Name): Promise<string[]> =>
        Promise.all(["server", "h1"].map((each) => hosts[name].traces(each)));
    before(needsLab);
    before(async () => {
        for (const name of names) {
            sites[name] = await Site.start({ machines: true, packages: packages(), hosts: ["h1"] });
            hosts[name] = new Hosts(sites[name].sandbox);
            sites[name].sandbox.host("h1").container.configure({ HYPER_ID: `${name}-h1` });
            untouched[name] = await traces(name);
        }
    });
    after(async () => {
        for (const name of names) {
            await hosts[name]?.close();
            await sites[name]?.stop();
        }
    });

    /** A stack of the example, which knows both sites. */
    const stackOf = async (only?: Name): Promise<Stack> => {
        const configured = names.map((name) => {
            const { apiUrl, apiSecret } = sites[name].sandbox;
            return [name, { apiUrl, apiSecret, apiGeneration: "v4" }];
        });
        const connections = names.flatMap((name) => {
            const { server, h1 } = sites[name].sandbox.connections();
            return [
                [`${name}-server`, server],
                [`${name}-h1`, h1],
            ];
        });
        const stack = await sites.bcn.stack({
            apiUrl: "",
            apiSecret: "",
            sites: JSON.stringify(Object.fromEntries(configured)),
            connections: JSON.stringify(Object.fromEntries(connections)),
            ...(only && { "e2e:site": only }),
        });
        write(stack);
        return stack;
    };
    const write = (stack: Stack, description?: string): void =>
        example("multi-site", stack, {
            "connection: `${name}-server` }": `connection: \`\${name}-server\`, addresses: [${address}] }`,
            ...(description && {
                "connection: id, hostname }": `connection: id, hostname, description: "${description}" }`,
            }),
        });
    const bringUp = async (stack: Stack, concerned: readonly Name[]): Promise<void> => {
        const { finished } = stack.startUp();
        for (const name of concerned) {
            const { container } = sites[name].sandbox.host("h1");
            await container.stop();
            container.start();
        }
        const { code, output } = await finished;
        assert.equal(code, 0, output);
        for (const name of concerned) assert.equal(sites[name].row(`${name}-h1`)?.["status"], "Online");
    };
    const isAsBefore = async (name: Name): Promise<void> => {
        assert.deepEqual(await traces(name), untouched[name]);
        assert.equal(sites[name].row(`${name}-h1`), undefined);
    };

    it("come Online from one stack, where one that fails does not stop the other", async () => {
        const stack = await stackOf();
        await bringUp(stack, names);
        assert.deepEqual(stack.outputs()["status"], {
            bcn: { "bcn-h1": "Online" },
            mad: { "mad-h1": "Online" },
        });

        write(stack, "second");
        const lift = sites.mad.sandbox.fault({
            match: /^PUT/,
            kind: "status",
            status: 403,
            body: { error: "forbidden" },
        });
        const { code } = await stack.startUp("--continue-on-error").finished;
        assert.notEqual(code, 0);
        assert.equal(sites.bcn.row("bcn-h1")?.["description"], "second");
        assert.notEqual(sites.mad.row("mad-h1")?.["description"], "second");
        lift();
        await stack.deploy();
        assert.equal(sites.mad.row("mad-h1")?.["description"], "second");
        await stack.destroy();
        for (const name of names) await isAsBefore(name);
    });

    it("come Online from a stack of their own, which touches no other", async () => {
        const bcn = await stackOf("bcn");
        await bringUp(bcn, ["bcn"]);
        const mad = await stackOf("mad");
        await bringUp(mad, ["mad"]);
        await bcn.destroy();
        await isAsBefore("bcn");
        assert.equal(sites.mad.row("mad-h1")?.["status"], "Online");
        await mad.deploy("--expect-no-changes");
        await mad.destroy();
        await isAsBefore("mad");
    });
});
