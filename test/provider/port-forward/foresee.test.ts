import { strict as assert } from "node:assert";
import { desiredRules } from "../../../provider/firewall/desired";
import { forwardOf, tagOf } from "../../../provider/port-forward/inputs";
import { unknownValue } from "../../../provider/property/unknown";
import { amissKey } from "../../../provider/property/changes";
import type { Values } from "../../../provider/resource";
import { fakes, ssh, urn, stranger } from "./fakes";

const rulesOf = (name: string, more: object = {}): string[] =>
    desiredRules(forwardOf(ssh(name, more) as never), "iptables", { tag: tagOf(urn(name)), name: urn(name) });

describe("what preview shows of a port forward", () => {
    const foresee = async (
        { lifecycle, context }: ReturnType<typeof fakes>,
        inputs: Values,
        state?: Values,
    ): Promise<Values> => (await lifecycle.foresee?.(inputs, state, context)) ?? {};
    const said = ({ world }: ReturnType<typeof fakes>, level = "info"): string =>
        world.lines
            .filter((line) => line.level === level)
            .map(({ message }) => message)
            .join("\n");

    it("the exact rules, which are what the host then has", async () => {
        const setup = fakes("h1");
        const inputs = ssh("a", { verify: "rules" });
        const { rules } = await foresee(setup, inputs);
        assert.deepEqual(rules, rulesOf("a"));
        const { state } = await setup.lifecycle.create(inputs, setup.context);
        assert.deepEqual(state["rules"], rules);
    });

    it("the rules as unknown where an input is", async () => {
        const setup = fakes("h1");
        assert.deepEqual(await foresee(setup, ssh("a", { toAddress: unknownValue })), { rules: unknownValue });
        assert.equal(setup.host("h1").inspected, 0);
    });

    it("the rules all the same where only the connection is unknown", async () => {
        const setup = fakes("h1");
        assert.deepEqual(await foresee(setup, ssh("a", { connection: { host: unknownValue } })), {
            rules: rulesOf("a"),
        });
        assert.equal(setup.host("h1").inspected, 0);
    });

    it("what the host has, with one look for all of its forwards", async () => {
        const setup = fakes("h1");
        for (const name of ["a", "b", "c"]) await foresee(setup, ssh(name));
        assert.equal(setup.host("h1").inspected, 1);
        assert.match(
            said(setup),
            /nothing of this forward yet; up puts in: -t nat .*DNAT.*ACCEPT\. iptables is used: no firewalld runs\./,
        );
    });

    it("nothing, and without a look, where nothing has changed", async () => {
        const setup = fakes("h1");
        const inputs = ssh("a", { verify: "rules" });
        const { state } = await setup.lifecycle.create(inputs, setup.context);
        await foresee(setup, inputs, state);
        assert.equal(setup.host("h1").inspected, 0);
        assert.equal(said(setup), "");
        await foresee(setup, inputs, { ...state, [amissKey]: ["gone"] });
        assert.equal(setup.host("h1").inspected, 1);
    });

    it("what is missing and will be put back", async () => {
        const setup = fakes("h1");
        const { id } = await setup.lifecycle.create(ssh("a", { verify: "rules" }), setup.context);
        const there = setup.host("h1").forwards.get(id);
        assert.ok(there);
        setup.host("h1").forwards.set(id, { ...there, missing: ["-A DOCKER-USER"] });
        await foresee(setup, ssh("a"));
        assert.match(said(setup), /lacks, and up puts back: -A DOCKER-USER/);
    });

    it("firewalld's own form where the host uses firewalld", async () => {
        const setup = fakes("h1");
        setup.host("h1").backend = "firewalld";
        await foresee(setup, ssh("a"));
        assert.match(said(setup), /up puts in: .*rule family="ipv4".* firewalld is used/);
    });

    const line = "-A PREROUTING -p tcp --dport 2022 -j DNAT --to-destination 172.31.255.17";
    const rule = stranger(line, 2022, "172.31.255.17");

    it("a foreign rule in the way, with its text, and that adopt would take it over", async () => {
        const setup = fakes("h1");
        setup.host("h1").foreign = [rule];
        await foresee(setup, ssh("a"));
        assert.ok(said(setup, "warn").includes(line));
        assert.match(said(setup, "warn"), /set adopt: true/);
        await foresee(setup, ssh("a", { adopt: true }));
        assert.ok(said(setup).includes(`up takes over this rule, which somebody else made: ${line}`));
    });

    it("another stack's forward in the way, with its name", async () => {
        const setup = fakes("h1");
        await setup.lifecycle.create(ssh("theirs", { verify: "rules" }), setup.context);
        await foresee(setup, ssh("a"));
        assert.ok(said(setup, "warn").includes(urn("theirs")));
    });

    it("that it is decided at apply where the host does not answer; it is no error, and not tried for ever", async () => {
        const names = ["h1", "h2", "h3", "h4", "h5"];
        const setup = fakes(...names);
        for (const name of names) setup.host(name).reachable = false;
        for (const name of names)
            assert.deepEqual(await foresee(setup, ssh("a", { connection: name })), { rules: rulesOf("a") });
        assert.match(said(setup), /decided at apply: Unable to reach h1: no route to host/);
        assert.deepEqual(
            names.map((name) => setup.host(name).inspected),
            [1, 1, 1, 0, 0],
        );
    });
});
