import { strict as assert } from "node:assert";
import { definition } from "../../provider/hypervisor/schema";
import { inputs } from "./harness/hypervisor";
import { warmProvider, type WarmProvider } from "./harness/warm";
import type { Values } from "./harness/rpc";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const key = "-----BEGIN OPENSSH PRIVATE KEY-----";

/** Nothing listens there: a check or a diff that needed the network would fail. */
const config = {
    "isardvdi:apiUrl": "http://127.0.0.1:9",
    "isardvdi:apiToken": "token",
    "isardvdi:sites": JSON.stringify({ bcn: { apiUrl: "http://127.0.0.1:9", apiToken: "token" } }),
    "isardvdi:connections": JSON.stringify({ h1: { host: "h1.example.org" } }),
};

/** What a program may leave undecided inside of a property. */
const parts: Record<string, unknown> = {
    viewer: { staticUrl: unknown, spicePort: unknown },
    capabilities: { disk: unknown, hypervisor: false },
    awaitOnline: { timeoutSeconds: unknown },
    deletion: { policy: unknown, timeoutSeconds: unknown },
    diagnostics: { host: { host: unknown, port: unknown, privateKey: unknown, proxy: unknown } },
    vlans: [10, unknown],
    storagePools: [unknown],
    virtPools: [unknown],
    triggers: [{ deep: [unknown] }],
};

const mistakes: [string, Values, string, RegExp][] = [
    ["an unknown property", { hostnam: "x" }, "hostnam", /^unknown property "hostnam"\. Did you mean "hostname"\?$/],
    ["a number for a string", { hostname: 4 }, "hostname", /^hostname must be a string, not 4\.$/],
    ["a string for a flag", { enabled: "yes" }, "enabled", /^enabled must be true or false, not "yes"\.$/],
    ["a string for a number", { minFreeMemGb: "8" }, "minFreeMemGb", /^minFreeMemGb must be a number, not "8"\.$/],
    ["a port out of range", { sshPort: 70000 }, "sshPort", /^sshPort must be at most 65535, not 70000\.$/],
    ["a bad hyperId", { hyperId: "Hyper_1" }, "hyperId", /^hyperId must consist of lower-case .* "Hyper_1"\.$/],
    ["an option for a hostname", { hostname: "-f/x" }, "hostname", /^hostname must be a host name .* no hyphen first/],
    [
        "an option for a connection's host",
        { diagnostics: { host: { host: "-oProxyCommand=id" } } },
        "diagnostics.host.host",
        /^diagnostics\.host\.host must be a name or an address, and begin with no hyphen/,
    ],
    ["an unknown site", { site: "mad" }, "site", /the site "mad": isardvdi:sites has "bcn"\. Correct the name/],
    [
        "an unknown connection",
        { diagnostics: { host: "h9" } },
        "diagnostics.host",
        /the connection "h9": isardvdi:connections has "h1"\. Correct the name/,
    ],
    [
        "a mistake beside a key, which it does not show",
        { diagnostics: { host: { hostt: "h1", privateKey: key } } },
        "diagnostics.host",
        /^diagnostics\.host/,
    ],
];

describe("check and diff over gRPC", () => {
    let provider: WarmProvider;
    before(async () => {
        provider = await warmProvider(config);
    });
    after(() => provider.stop());

    for (const [name, property] of Object.entries(definition.properties)) {
        for (const value of [unknown, ...(name in parts ? [parts[name]] : [])]) {
            const place = value === unknown ? name : `parts of ${name}`;
            it(`pass when ${place} is decided only during up`, async () => {
                const program = inputs("h1", { [name]: value });
                const { inputs: checked, failures } = await provider.check({}, program);
                assert.deepEqual(failures, []);
                assert.deepEqual(checked, program);
                const diff = await provider.diff("h1", inputs("h1"), checked);
                assert.equal(diff.changes, true);
                assert.deepEqual(diff.replaces, property.change === "replace" ? [name] : []);
            });
        }
    }

    it("pass when every property at once is decided only during up", async () => {
        const all = Object.fromEntries(Object.keys(definition.properties).map((name) => [name, unknown]));
        assert.deepEqual((await provider.check({}, inputs("h1", { ...all, __urn: unknown }))).failures, []);
    });

    for (const [title, wrong, property, reason] of mistakes) {
        it(`name the property for ${title}`, async () => {
            const { failures } = await provider.check({}, inputs("h1", wrong));
            assert.deepEqual(
                failures.map((each) => each.property),
                [property],
            );
            const said = failures[0]?.reason ?? "";
            assert.match(said, reason);
            assert.doesNotMatch(said, /\n|PRIVATE KEY/);
        });
    }

    it("name a property that is missing", async () => {
        const { hostname: _left, ...rest } = inputs("h1");
        const { failures } = await provider.check({}, rest);
        assert.deepEqual(
            failures.map(({ property, reason }) => [property, reason.split(":")[0]]),
            [["hostname", "hostname is required"]],
        );
    });

    it("name every mistake of a program at once", async () => {
        const { failures } = await provider.check({}, inputs("h1", { sshPort: 0, enabled: 1, flavor: "hypervisor" }));
        assert.deepEqual(failures.map(({ property }) => property).sort(), ["enabled", "flavor", "sshPort"]);
        assert.match(failures.map(({ reason }) => reason).join("\n"), /Did you mean "flavour"/);
    });

    it("accept what names a site and a connection of the configuration", async () => {
        const program = inputs("h1", { site: "bcn", diagnostics: { host: "h1" } });
        const { failures, inputs: checked } = await provider.check({}, program);
        assert.deepEqual(failures, []);
        assert.deepEqual(checked["diagnostics"], { host: "h1" }, "the name keeps the connection out of the state");
    });
});
