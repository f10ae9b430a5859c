import { strict as assert } from "node:assert";
import { definition } from "../../../provider/port-forward/schema";
import { amissKey, changes } from "../../../provider/property/changes";
import { PartialFailure, type Values } from "../../../provider/resource";
import { fakes, ssh, stranger, unreachable, urn } from "./fakes";

const banner = "SSH-2.0-OpenSSH_9.2\r\n";
type Setup = ReturnType<typeof fakes>;

/** A host whose container answers through the forward. */
function working(...names: string[]): Setup {
    const setup = fakes(...(names.length > 0 ? names : ["h1"]));
    setup.host("h1").services.set("172.31.255.17:2022", banner);
    setup.outside.set("h1:2022", banner);
    return setup;
}

const changed = (state: Values, inputs: Values): string[] => changes(definition, state, inputs).map(({ name }) => name);

async function failure(promise: Promise<unknown>): Promise<Error> {
    return promise.then(
        () => assert.fail("it must fail"),
        (error: unknown) => error as Error,
    );
}

describe("the life of a port forward", () => {
    it("is made, proved and found again unchanged", async () => {
        const { host, context, lifecycle } = working();
        const { id, state } = await lifecycle.create(ssh("f"), context);
        assert.equal(state["verified"], 'from where Pulumi runs, 2022 answers "SSH-2.0-OpenSSH_9.2"');
        assert.equal(state["backendUsed"], "iptables");
        assert.equal(state["machineId"], "machine-of-h1");
        assert.deepEqual(state["rules"], host("h1").forwards.get(id)?.rules);
        assert.deepEqual(changed(state, ssh("f")), []);
        const read = await lifecycle.read(id, state, context);
        assert.deepEqual(read, state);
    });

    it("shows what the program says in the program's words, and defaults where it says nothing", async () => {
        const { context, lifecycle } = fakes("h1");
        const inputs = ssh("f", {
            port: "5900-7899",
            toPort: "5900-7899",
            sourceCidrs: ["10.0.0.7"],
            verify: "rules",
        });
        const { state } = await lifecycle.create(inputs, context);
        assert.equal(state["toPort"], "5900-7899");
        assert.deepEqual(state["sourceCidrs"], ["10.0.0.7"]);
        assert.equal(state["local"], false);
        assert.equal(state["persist"], true);
        assert.deepEqual(changed(state, inputs), []);
    });

    it("is gone when somebody took the whole of it out", async () => {
        const { host, context, lifecycle } = working();
        const { id, state } = await lifecycle.create(ssh("f"), context);
        host("h1").forwards.clear();
        assert.equal(await lifecycle.read(id, state, context), undefined);
    });

    it("shows a rule, an accept or a persistence that is missing, and puts it back", async () => {
        const { host, context, lifecycle } = working();
        const { id, state } = await lifecycle.create(ssh("f"), context);
        const there = host("h1").forwards.get(id);
        const accept = there?.rules.find((rule) => rule.includes("ACCEPT")) ?? "";
        assert.ok(there && accept);
        host("h1").forwards.set(id, { ...there, missing: [accept, "systemd unit"] });
        const read = (await lifecycle.read(id, state, context)) ?? {};
        assert.ok(!(read["rules"] as string[]).includes(accept));
        assert.deepEqual(read[amissKey], [accept, "systemd unit"]);
        assert.equal(read["verified"], undefined);
        const repaired = await lifecycle.update(id, read, ssh("f"), context);
        assert.deepEqual(repaired, state);
    });

    it("shows another target, and puts the own one back", async () => {
        const { host, context, lifecycle } = working();
        const { id, state } = await lifecycle.create(ssh("f"), context);
        const there = host("h1").forwards.get(id);
        assert.ok(there);
        host("h1").forwards.set(id, { ...there, forward: { ...there.forward, toAddress: "10.0.0.1", toPort: 22 } });
        const read = (await lifecycle.read(id, state, context)) ?? {};
        assert.equal(read["toAddress"], "10.0.0.1");
        assert.equal(read["toPort"], 22);
        assert.deepEqual(changed(read, ssh("f")), ["toAddress"]);
        assert.ok(read[amissKey], "toPort is not in the program, and still no drift is lost");
        assert.deepEqual(await lifecycle.update(id, read, ssh("f"), context), state);
    });

    it("is an update in place whatever is changed, and taking a property out is a change", async () => {
        const { host, context, lifecycle } = working();
        let program = ssh("f", { toPort: 2022, sourceCidrs: ["10.0.0.0/24"], inInterface: "eth0" });
        const { id, state: made } = await lifecycle.create({ ...program, verify: "rules" }, context);
        let state = made;
        for (const name of ["toPort", "sourceCidrs", "inInterface"]) {
            const { [name]: _out, ...rest } = program;
            program = rest;
            assert.ok(changed(state, program).includes(name), name);
            state = await lifecycle.update(id, state, { ...program, verify: "rules" }, context);
            assert.deepEqual(changed(state, { ...program, verify: "rules" }), []);
        }
        const { forward } = host("h1").forwards.get(id) ?? {};
        assert.equal(forward?.sourceCidrs, undefined);
        assert.equal(forward?.inInterface, undefined);
        assert.ok(Object.values(definition.properties).every(({ change }) => change !== "replace"));
    });

    it("touches no host for what lives in the state alone", async () => {
        const { host, context, lifecycle } = working();
        const { id, state } = await lifecycle.create(ssh("f"), context);
        const more = { adopt: true, verify: "rules", verifyTimeoutSeconds: 5, rollbackSeconds: 60, site: "bcn" };
        const updated = await lifecycle.update(id, state, ssh("f", more), context);
        assert.equal(host("h1").applied.length, 1);
        for (const [name, value] of Object.entries(more)) assert.equal(updated[name], value);
        assert.deepEqual(changed(updated, ssh("f", more)), []);
        assert.equal(updated["verified"], state["verified"]);
    });

    it("keeps its rules in the state when no packet arrives, and goes on with the verification", async () => {
        const { host, outside, context, lifecycle } = working();
        outside.clear();
        const error = await failure(lifecycle.create(ssh("f", { verifyTimeoutSeconds: 5 }), context));
        assert.ok(error instanceof PartialFailure);
        assert.match(
            error.message,
            /^Unable to verify port forward tcp 2022 → 172\.31\.255\.17 on root@h1:22: after 5 s/,
        );
        const { id, state } = error;
        assert.ok((state["rules"] as string[]).length > 0);
        assert.ok(state[amissKey]);
        const read = (await lifecycle.read(id, state, context)) ?? {};
        assert.ok(read[amissKey], "a refresh does not forget it");
        outside.set("h1:2022", banner);
        const updated = await lifecycle.update(id, read, ssh("f"), context);
        assert.match(String(updated["verified"]), /SSH-2\.0/);
        assert.equal(updated[amissKey], undefined);
        assert.equal(host("h1").forwards.size, 1);
    });

    it("keeps nothing when the rules were refused", async () => {
        const { host, context, lifecycle } = working();
        host("h1").foreign = [stranger("-A X", 2022, "10.0.0.1")];
        const error = await failure(lifecycle.create(ssh("f"), context));
        assert.ok(!(error instanceof PartialFailure));
        assert.match(error.message, /-A X.*adopt: true/);
    });

    it("finds its own rules again after a create that was cut off", async () => {
        const { host, context, lifecycle } = working();
        const first = await lifecycle.create(ssh("f"), context);
        const second = await lifecycle.create(ssh("f"), context);
        assert.deepEqual(second, first);
        assert.equal(host("h1").forwards.size, 1);
    });

    it("is named in the state when the run is cancelled while it waits for a packet", async () => {
        const { outside, world, host, context, lifecycle } = working();
        outside.clear();
        host("h1").during = () => void setImmediate(() => world.abort());
        const error = await failure(lifecycle.create(ssh("f", { verifyTimeoutSeconds: 3600 }), context));
        assert.ok(error instanceof PartialFailure);
        assert.match(error.message, /the run was cancelled\. The rules are in/);
    });

    it("is taken out, and taken out again without complaint", async () => {
        const { host, context, lifecycle } = working();
        const { id, state } = await lifecycle.create(ssh("f"), context);
        await lifecycle.delete(id, state, context);
        assert.equal(host("h1").forwards.size, 0);
        await lifecycle.delete(id, state, context);
    });

    it("cannot be taken out of a host that does not answer, and says the ways out", async () => {
        const { host, context, lifecycle } = working();
        const { id, state } = await lifecycle.create(ssh("f"), context);
        host("h1").reachable = false;
        const { message } = await failure(lifecycle.delete(id, state, context));
        assert.match(message, /^Unable to delete port forward tcp 2022 → 172\.31\.255\.17: no route to host/);
        assert.ok(message.includes(`pulumi state delete '${urn("f")}'`), message);
        assert.match(message, /iptables -t nat -D ISARDVDI-DNAT .*--dport 2022/);
        assert.doesNotMatch(message, /\n/);
    });
});

describe("a connection that leads elsewhere", () => {
    const elsewhere = ssh("f", { connection: "h2", verify: "rules" });

    it("to the same machine is an update without a second rule", async () => {
        const { host, context, lifecycle } = working("h1", "h2");
        host("h2").machineId = host("h1").machineId;
        host("h2").forwards = host("h1").forwards;
        host("h2").files = host("h1").files;
        const { id, state } = await lifecycle.create(ssh("f"), context);
        assert.deepEqual(changed(state, elsewhere).includes("connection"), true);
        const updated = await lifecycle.update(id, state, elsewhere, context);
        assert.equal(updated["connection"], "h2");
        assert.equal(host("h1").forwards.size, 1);
    });

    it("to a clone, which has the same machine-id, takes them out of the machine of before as well", async () => {
        const { host, context, lifecycle, world } = working("h1", "h2");
        host("h2").machineId = host("h1").machineId;
        const { id, state } = await lifecycle.create(ssh("f", { verify: "rules" }), context);
        await lifecycle.update(id, state, ssh("f", { connection: "h2", verify: "rules" }), context);
        assert.deepEqual([host("h1").forwards.size, host("h2").forwards.size], [0, 1]);
        assert.ok(world.lines.some(({ message }) => /the machine of before, are taken out/.test(message)));
    });

    it("to a machine with the same machine-id, of which the old way does not answer, says that it may be a clone", async () => {
        const { host, context, lifecycle, world } = working("h1", "h2");
        host("h2").machineId = host("h1").machineId;
        const { id, state } = await lifecycle.create(ssh("f", { verify: "rules" }), context);
        host("h1").remote.run = () => Promise.reject(unreachable("h1"));
        await lifecycle.update(id, state, ssh("f", { connection: "h2", verify: "rules" }), context);
        assert.equal(host("h1").forwards.size, 1);
        assert.ok(world.lines.some(({ level, message }) => level === "warn" && /cannot be ruled out/.test(message)));
    });

    it("to another machine brings the rules there first, then takes them out of the old one", async () => {
        const { host, context, lifecycle } = working("h1", "h2");
        const { id, state } = await lifecycle.create(ssh("f"), context);
        let atOldThen = -1;
        host("h2").during = () => void (atOldThen = host("h1").forwards.size);
        const updated = await lifecycle.update(id, state, elsewhere, context);
        assert.equal(atOldThen, 1, "the old rules were still there");
        assert.equal(host("h1").forwards.size, 0);
        assert.equal(host("h2").forwards.size, 1);
        assert.equal(updated["machineId"], "machine-of-h2");
    });

    it("from a machine that does not answer names the rules that stay there", async () => {
        const { host, world, context, lifecycle } = working("h1", "h2");
        const { id, state } = await lifecycle.create(ssh("f"), context);
        host("h1").reachable = false;
        await lifecycle.update(id, state, elsewhere, context);
        const warning = world.lines.find(({ level }) => level === "warn")?.message ?? "";
        assert.match(warning, /no route to host.*Its rules stay there.*iptables -t nat -D ISARDVDI-DNAT/);
        assert.equal(host("h2").forwards.size, 1);
    });

    it("under the same name is seen by a refresh, and the next update puts the rules there", async () => {
        const { host, world, context, lifecycle } = working();
        const { id, state } = await lifecycle.create(ssh("f"), context);
        host("h1").machineId = "a new machine";
        host("h1").forwards.clear();
        const read = (await lifecycle.read(id, state, context)) ?? {};
        assert.match(String(read[amissKey]), /another machine/);
        const updated = await lifecycle.update(id, read, ssh("f"), context);
        assert.equal(updated["machineId"], "a new machine");
        assert.equal(host("h1").forwards.size, 1);
        assert.ok(world.lines.some(({ level, message }) => level === "warn" && /Its rules stay there/.test(message)));
    });

    it("under the same name is a warning at delete", async () => {
        const { host, world, context, lifecycle } = working();
        const { id, state } = await lifecycle.create(ssh("f"), context);
        host("h1").machineId = "a new machine";
        await lifecycle.delete(id, state, context);
        assert.ok(world.lines.some(({ level, message }) => level === "warn" && /another machine/.test(message)));
    });
});
