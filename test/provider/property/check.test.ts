import { strict as assert } from "node:assert";
import { checkProperties } from "../../../provider/property/check";
import { unknownValue } from "../../../provider/property/unknown";
import { definition } from "../../../provider/hypervisor/schema";

const good = { hyperId: "h1", hostname: "h1.example.org" };
const check = (inputs: object) => checkProperties(definition, { ...good, ...inputs });

describe("check", () => {
    it("accepts the smallest program", async () => assert.deepEqual(await check({}), []));

    const deep = JSON.parse(`${'{"proxy":'.repeat(3000)}{}${"}".repeat(3000)}`) as object;
    const mistakes: [string, object, string, RegExp][] = [
        [
            "3,000 jump hosts",
            { diagnostics: { host: deep } },
            "diagnostics",
            /^diagnostics is nested more than 100 deep/,
        ],
        [
            "a description of 200 kB",
            { description: "x".repeat(200_000) },
            "description",
            /at most 255 characters, not "x{50,60}/,
        ],
        ["a user of 200 kB", { sshUser: "x".repeat(200_000) }, "sshUser", /at most 255 characters/],
        ["a property that objects have", { constructor: "x" }, "constructor", /^unknown property "constructor"/],
        ["an output that objects have", { toString: "x" }, "toString", /^unknown property "toString"\. (Did|Known)/],
        [
            "a key that gets lost",
            { triggers: [JSON.parse('{"__proto__":1}')] },
            "triggers",
            /^triggers has the key __proto__/,
        ],
        [
            "an unknown property near a known one",
            { hostnam: "x" },
            "hostnam",
            /unknown property "hostnam"\. Did you mean "hostname"\?/,
        ],
        ["another case", { SSHPort: 1 }, "SSHPort", /Did you mean "sshPort"\?/],
        ["an unknown property near none", { zebra: 1 }, "zebra", /unknown property "zebra"\. Known are: hyperId/],
        ["an output", { statusTime: 1 }, "statusTime", /is an output and cannot be set/],
        ["a string for a number", { sshPort: "2022" }, "sshPort", /sshPort must be a number, not "2022"/],
        ["a number for a string", { hostname: 4 }, "hostname", /hostname must be a string, not 4/],
        ["a string for a flag", { enabled: "yes" }, "enabled", /enabled must be true or false, not "yes"/],
        ["a port above the range", { sshPort: 70000 }, "sshPort", /sshPort must be at most 65535, not 70000/],
        ["port zero", { sshPort: 0 }, "sshPort", /sshPort must be at least 1, not 0/],
        ["a fraction", { sshPort: 1.5 }, "sshPort", /sshPort must be a whole number, not 1.5/],
        [
            "a bad hyperId",
            { hyperId: "Hyper_1" },
            "hyperId",
            /hyperId must consist of lower-case letters, digits and single hyphens.*not "Hyper_1"/,
        ],
        ["an id with a slash", { hyperId: "a/b" }, "hyperId", /lower-case/],
        ["a loopback hostname", { hostname: "localhost" }, "hostname", /must not be a loopback/],
        ["a hostname with a scheme", { hostname: "https://x" }, "hostname", /must be a host name or an address/],
        [
            "a bad flavour",
            { flavour: "kvm" },
            "flavour",
            /flavour must be one of "hypervisor", "hypervisor-standalone", not "kvm"/,
        ],
        ["a bad kvmModule", { kvmModule: "vax" }, "kvmModule", /kvmModule must be one of "intel", "amd"/],
        [
            "no capability at all",
            { capabilities: { disk: false, hypervisor: false } },
            "capabilities",
            /must leave disk or hypervisor true/,
        ],
        ["an unknown part", { viewer: { url: "x" } }, "viewer", /viewer has no property "url"/],
        ["a bad part", { viewer: { spicePort: 99999 } }, "viewer.spicePort", /viewer\.spicePort must be at most 65535/],
        ["a VLAN out of range", { vlans: [10, 5000] }, "vlans.1", /vlans\.1 must be at most 4094, not 5000/],
        ["negative memory", { minFreeMemGb: -1 }, "minFreeMemGb", /must be at least 0/],
        [
            "a bad wait",
            { awaitOnline: { timeoutSeconds: "900" } },
            "awaitOnline",
            /awaitOnline\.timeoutSeconds must be a number/,
        ],
        [
            "a wait of the wrong type",
            { awaitOnline: "yes" },
            "awaitOnline",
            /awaitOnline must be true or false or an object/,
        ],
        ["a bad policy", { deletion: { policy: "kill" } }, "deletion.policy", /must be one of "drain", "force"/],
        [
            "a connection without a host",
            { diagnostics: { host: { user: "root" } } },
            "diagnostics.host",
            /diagnostics\.host\.host must be a string/,
        ],
    ];
    for (const [what, inputs, property, reason] of mistakes) {
        it(`names the property for ${what}`, async () => {
            const failures = await check(inputs);
            assert.equal(failures.length, 1, JSON.stringify(failures));
            assert.equal(failures[0]?.property, property);
            assert.match(failures[0]?.reason ?? "", reason);
            assert.ok(!failures[0]?.reason.includes("\n"));
        });
    }

    it("says what is missing", async () => {
        const failures = await checkProperties(definition, { hyperId: "h1" });
        assert.deepEqual(
            failures.map(({ property }) => property),
            ["hostname"],
        );
    });

    it("never shows a value of a secret property", async () => {
        const [failure] = await check({ diagnostics: { host: { host: "h", password: 12345678 } } });
        assert.ok(failure && !failure.reason.includes("12345678"));
    });

    it("lets values pass that are not decided yet, at every property and inside of one", async () => {
        for (const name of Object.keys(definition.properties))
            assert.deepEqual(await check({ [name]: unknownValue }), [], name);
        const nested = {
            viewer: { spicePort: unknownValue },
            vlans: [1, unknownValue],
            awaitOnline: { timeoutSeconds: unknownValue },
            diagnostics: { host: { host: unknownValue, port: unknownValue } },
        };
        for (const [name, value] of Object.entries(nested)) assert.deepEqual(await check({ [name]: value }), [], name);
    });

    it("still names a mistake beside an undecided part", async () => {
        const failures = await check({ viewer: { spicePort: unknownValue, html5Port: 0 } });
        assert.deepEqual(
            failures.map(({ property }) => property),
            ["viewer.html5Port"],
        );
    });
});
