import { strict as assert } from "node:assert";
import { desiredRules } from "../../../provider/firewall/desired";
import { forwardOf, tagOf } from "../../../provider/port-forward/inputs";
import { definition, type Inputs } from "../../../provider/port-forward/schema";
import { reference } from "../../../sdk/reference";
import { forward, nowhere, urnOf } from "../harness/port-forward";
import { warmProvider, type WarmProvider } from "../harness/warm";
import type { Values } from "../harness/rpc";
import { mistakes } from "./mistakes";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const config = {
    "isardvdi:connections": JSON.stringify({ named: { ...nowhere, user: "named" } }),
    "isardvdi:sites": JSON.stringify({ bcn: { apiUrl: "http://127.0.0.1:9", apiToken: "token" } }),
};

const rulesOf = (inputs: Values, name: string): string[] =>
    desiredRules(forwardOf(inputs as unknown as Inputs), "iptables", { tag: tagOf(urnOf(name)), name });

/** What a program may leave undecided inside of a property. */
const parts: Record<string, unknown> = {
    connection: { host: unknown, port: unknown, privateKey: unknown, proxy: { host: unknown } },
    sourceCidrs: ["10.0.0.0/24", unknown],
};

describe("check and diff of a port forward over gRPC", () => {
    let provider: WarmProvider;
    before(async () => {
        provider = await warmProvider(config);
    });
    after(() => provider.stop());

    it("add the exact rules to the inputs, and nothing else", async () => {
        const program = forward("plain");
        const { inputs, failures } = await provider.check({}, program);
        assert.deepEqual(failures, []);
        assert.deepEqual(inputs, { ...program, rules: rulesOf(program, "plain") });
        assert.equal(program["__provider"], 'exports.handler=()=>require("pulumi-isardvdi/provider").portForward');
    });

    it("say what a host that does not answer means for the comparison", () => {
        const lines = provider.lines.filter(({ urn }) => urn === urnOf("plain"));
        assert.match(lines.map(({ message }) => message).join("\n"), /not compared with the host, decided at apply: /);
    });

    for (const name of Object.keys(definition.properties)) {
        for (const value of [unknown, ...(name in parts ? [parts[name]] : [])]) {
            it(`pass when ${value === unknown ? name : `parts of ${name}`} is decided only during up`, async () => {
                const program = forward(`undecided-${name}`, { [name]: value });
                const { inputs, failures } = await provider.check({}, program);
                assert.deepEqual(failures, []);
                const rules = name === "connection" ? rulesOf(program, `undecided-${name}`) : unknown;
                assert.deepEqual(inputs, { ...program, rules });
                const diff = await provider.diff("tag", forward(`undecided-${name}`), inputs);
                assert.deepEqual(diff, { changes: true, replaces: [], deleteBeforeReplace: false });
            });
        }
    }

    it("pass when every property at once is decided only during up", async () => {
        const all = Object.fromEntries(Object.keys(definition.properties).map((name) => [name, unknown]));
        assert.deepEqual((await provider.check({}, forward("all", { ...all, __urn: unknown }))).failures, []);
    });

    for (const [title, wrong, property, reason] of mistakes) {
        it(`name the property for ${title}`, async () => {
            const { failures } = await provider.check({}, forward("mistaken", wrong));
            assert.deepEqual(
                failures.map((each) => each.property),
                [property],
            );
            const said = failures[0]?.reason ?? "";
            assert.match(said, reason);
            assert.doesNotMatch(said, /\n|PRIVATE KEY/);
        });
    }

    it("name what is missing", async () => {
        const { failures } = await provider.check({}, { __provider: reference("portForward"), __urn: urnOf("empty") });
        assert.deepEqual(
            failures.map(({ property }) => property),
            ["connection", "protocol", "port", "toAddress"],
        );
    });

    const alike: [string, Values, Values, boolean][] = [
        ["the same port", { port: 2022 }, { port: 2022 }, true],
        ["a port within a range", { port: "5900-7899" }, { port: 6000 }, true],
        ["ranges side by side", { port: "5900-5999" }, { port: "6000-6099" }, false],
        ["the other protocol", { protocol: "tcp" }, { protocol: "udp" }, false],
        ["sources that overlap", { sourceCidrs: ["10.0.0.0/8"] }, { sourceCidrs: ["10.9.8.7"] }, true],
        ["sources apart", { sourceCidrs: ["10.0.0.0/24"] }, { sourceCidrs: ["10.0.1.0/24"] }, false],
        ["interfaces apart", { inInterface: "eth0" }, { inInterface: "eth1" }, false],
    ];
    for (const [index, [title, one, two, overlap]] of alike.entries()) {
        it(`${overlap ? "refuse" : "let through"} two forwards of one host with ${title}`, async () => {
            const connection = { ...nowhere, port: 10 + index };
            const first = await provider.check({}, forward(`one-${index}`, { ...one, connection }));
            assert.deepEqual(first.failures, []);
            const again = await provider.check({}, forward(`one-${index}`, { ...one, connection }));
            assert.deepEqual(again.failures, [], "a forward is not its own rival");
            // another user on the same host is the same host
            const { failures } = await provider.check(
                {},
                forward(`two-${index}`, { ...two, connection: { ...connection, user: "other" } }),
            );
            if (!overlap) return assert.deepEqual(failures, []);
            assert.deepEqual(
                failures.map(({ property }) => property),
                ["port"],
            );
            assert.match(failures[0]?.reason ?? "", new RegExp(`"one-${index}".*want the same packets on 127.0.0.1`));
        });
    }

    it("see a name and an object as the same host", async () => {
        const connection = { ...nowhere, user: "x", port: nowhere.port };
        await provider.check({}, forward("by-name", { connection: "named", port: 4000 }));
        const { failures } = await provider.check({}, forward("by-object", { connection, port: 4000 }));
        assert.match(failures[0]?.reason ?? "", /"by-name"/);
    });

    it("see no change in another spelling of the same host key", async () => {
        const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGm5TsNJEVyUqVYbkpCdBaCNQv4CjqLcLPvLZ8JVNVVr";
        const other = hostKey.replace("IGm5", "IGm6");
        const with_ = (text: string): Values =>
            forward("spelling", { port: 4001, connection: { ...nowhere, hostKey: text } });
        for (const [spelling, changes] of [
            [`${hostKey} root@h1`, false],
            [`# 127.0.0.1:9 SSH-2.0-OpenSSH_9.2p1\n[127.0.0.1]:9 ${hostKey}\n`, false],
            [`${hostKey}\n${other}`, true],
            [other, true],
        ] as const) {
            const { inputs, failures } = await provider.check({}, with_(spelling));
            assert.deepEqual(failures, []);
            const had = { ...state(), ...with_(hostKey), rules: inputs["rules"] };
            assert.equal((await provider.diff("tag", had, inputs)).changes, changes, spelling);
        }
    });

    const state = (more: Values = {}): Values => ({
        ...forward("h"),
        local: false,
        persist: true,
        rules: ["-A X"],
        __set: ["connection", "protocol", "port", "toAddress"],
        ...more,
    });
    const changes: [string, Values, Values][] = [
        ["connection", {}, { connection: { ...nowhere, user: "other" } }],
        ["a part of the connection taken out", { connection: { ...nowhere, user: "h", sudo: true } }, {}],
        ["site", {}, { site: "bcn" }],
        ["protocol", {}, { protocol: "udp" }],
        ["port", {}, { port: 2023 }],
        ["toAddress", {}, { toAddress: "172.31.255.12" }],
        ["toPort", {}, { toPort: 22 }],
        ["sourceCidrs", {}, { sourceCidrs: ["10.0.0.0/24"] }],
        ["inInterface", {}, { inInterface: "eth0" }],
        ["local", {}, { local: true }],
        ["backend", {}, { backend: "firewalld" }],
        ["zone", {}, { zone: "public" }],
        ["persist", {}, { persist: false }],
        ["adopt", {}, { adopt: true }],
        ["verify", {}, { verify: "rules" }],
        ["verifyTimeoutSeconds", {}, { verifyTimeoutSeconds: 5 }],
        ["rollbackSeconds", {}, { rollbackSeconds: 60 }],
        ["what was found amiss", { __amiss: ["-A DOCKER-USER"] }, {}],
    ];
    for (const [title, before, now] of changes) {
        it(`a change of ${title} is an update in place`, async () => {
            const diff = await provider.diff("tag", state(before), forward("h", now));
            assert.deepEqual(diff, { changes: true, replaces: [], deleteBeforeReplace: false });
        });
    }

    for (const [name, value] of Object.entries({
        toPort: 22,
        sourceCidrs: ["10.0.0.0/24"],
        inInterface: "eth0",
        zone: "public",
        local: true,
        persist: false,
        backend: "iptables",
        site: "bcn",
        adopt: true,
    })) {
        it(`taking ${name} out is one as well`, async () => {
            const diff = await provider.diff("tag", state({ [name]: value, __set: [name] }), forward("h"));
            assert.deepEqual(diff, { changes: true, replaces: [], deleteBeforeReplace: false });
        });
    }

    it("the same program is no change, whatever back end the host has, nor in another order of the sources", async () => {
        const sourceCidrs = ["10.0.0.0/24", "10.0.1.0/24"];
        const program = forward("h", { sourceCidrs: [...sourceCidrs].reverse(), rules: ["-A ANOTHER"] });
        const found = state({ sourceCidrs, backendUsed: "firewalld", zone: "public" });
        assert.equal((await provider.diff("tag", found, program)).changes, false);
    });
});
