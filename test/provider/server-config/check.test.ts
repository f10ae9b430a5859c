import assert from "node:assert/strict";
import { check, diff } from "../../../provider/front/check";
import { unknownValue } from "../../../provider/property/unknown";
import type { Resource, Values } from "../../../provider/resource";
import { serverConfig } from "../../../provider/server-config";
import { videoProxyConfig } from "../../../provider/video-proxy-config";
import { Program } from "../../isardvdi-checkout/program";

const connection = { host: "nowhere" };

async function failuresOf(resource: Resource, inputs: Values): Promise<string[]> {
    const { failures } = await check({}, { connection, ...inputs }, resource, new Program(resource, {}).context);
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

const hops = (count: number): object =>
    JSON.parse(`${'{"host":"h","proxy":'.repeat(count)}{"host":"h"}${"}".repeat(count)}`) as object;

const server: [string, Values, RegExp][] = [
    ["without settings", {}, /^settings: settings is required/],
    ["with a key that sh cannot assign", { settings: { "A-B": "1" } }, /^settings\.A-B: .*name that sh cannot assign/],
    ["with a value over two lines", { settings: { A: "geheim\nx" } }, /^settings\.A: .*line break/],
    ["with a value that is read in two ways", { settings: { A: "it's $5" } }, /^settings\.A: .*read differently/],
    [
        "with a key that objects have",
        { settings: { constructor: "1" } },
        /^settings\.constructor: .*no key of IsardVDI's/,
    ],
    [
        "with a key that gets lost",
        { settings: JSON.parse('{"__proto__":"1"}') as object },
        /^settings: .*key __proto__/,
    ],
    ["with 3,000 jump hosts", { settings: {}, connection: hops(3000) }, /^connection: .*nested more than 100 deep/],
    ["with a number", { settings: { A: 1 } }, /^settings\.A: .*must be a string/],
    ["with a service that is none", { settings: {}, recreate: ["a b"] }, /^recreate\.0: .*name of a service/],
    ["with a relative path", { settings: {}, configPath: "isardvdi.cfg" }, /^configPath: .*absolute path/],
    [
        "with another file",
        { settings: {}, configPath: "/etc/hosts" },
        /^configPath: .*isardvdi\.cfg or isardvdi\.NAME\.cfg/,
    ],
    ["with a misspelt property", { setings: {} }, /Did you mean "settings"/],
    ["with an output", { settings: {}, lines: [] }, /^lines: .*output and cannot be set/],
];

const video: [string, Values, RegExp][] = [
    ["without hostnames", {}, /^hypervisorHostnames: hypervisorHostnames is required/],
    ["with a space", { hypervisorHostnames: ["h 1"] }, /^hypervisorHostnames\.0: .*must not contain spaces/],
    ["with a comma", { hypervisorHostnames: ["h1,h2"] }, /one host name: give several/],
    ["with a scheme", { hypervisorHostnames: ["https://h1"] }, /without a scheme/],
    ["with a port", { hypervisorHostnames: ["h1:5900"] }, /ports go into ports/],
    ["with nothing in it", { hypervisorHostnames: [""] }, /must not be empty/],
    ["with a path", { hypervisorHostnames: ["h1/x"] }, /must be a host name or an IPv4 address/],
    ["with itself", { hypervisorHostnames: ["localhost"] }, /loopback/],
    ["with reversed ports", { hypervisorHostnames: ["h1"], ports: "7899-5900" }, /^ports: .*lower port first/],
    ["with a port of 0", { hypervisorHostnames: ["h1"], ports: "0" }, /within 1 and 65535/],
    ["with a port of 65536", { hypervisorHostnames: ["h1"], ports: "5900-65536" }, /within 1 and 65535/],
    [
        "with a list of ports, which would end squid",
        { hypervisorHostnames: ["h1"], ports: "5900,5901" },
        /would end squid/,
    ],
    ["with another mode", { hypervisorHostnames: ["h1"], mode: "some" }, /^mode: .*one of "authoritative", "additive"/],
];

for (const [resource, cases] of [
    [serverConfig, server],
    [videoProxyConfig, video],
] as const)
    describe(`the check of ${resource.definition.kind}`, () => {
        for (const [what, inputs, expected] of cases)
            it(`refuses inputs ${what} in one line`, async () => {
                const failures = await failuresOf(resource, inputs);
                assert.match(failures[0] ?? "", expected);
                assert.ok(
                    failures.every((each) => !each.includes("\n") && !each.includes("geheim")),
                    failures.join(),
                );
            });
    });

describe("the inputs of ServerConfig and VideoProxyConfig", () => {
    const shown = async (resource: Resource, inputs: Values): Promise<unknown> => {
        const program = new Program(resource, {});
        const checked = await check({}, { connection: unknownValue, ...inputs }, resource, program.context);
        assert.deepEqual(checked.failures, []);
        return checked.inputs["lines"];
    };

    it("get the lines that follow from them alone, secrets masked and undecided values told", async () => {
        const settings = {
            DOMAIN: "a.example.org",
            MY_FLAG: "true",
            OTHER: "x",
            API_KEY: "12345",
            LATER: unknownValue,
        };
        assert.deepEqual(await shown(serverConfig, { settings }), [
            "DOMAIN=a.example.org",
            "MY_FLAG=true",
            "OTHER=[secret]",
            "API_KEY=[secret]",
            "LATER=(decided at apply)",
        ]);
        const names = { hypervisorHostnames: ["h1", unknownValue], mode: "additive" };
        assert.deepEqual(await shown(videoProxyConfig, names), [
            "VIDEO_HYPERVISOR_HOSTNAMES+=h1,(decided at apply)",
            "VIDEO_HYPERVISOR_PORTS=5900-7899",
        ]);
    });

    it("are replaced with another file, and updated with everything else", () => {
        const state = {
            connection,
            configPath: "/a/isardvdi.cfg",
            settings: { A: "1", B: "2" },
            recreate: [],
            apply: true,
        };
        const changed = (news: Values) => diff(state, { ...state, ...news }, serverConfig);
        assert.deepEqual(changed({ configPath: "/b/isardvdi.cfg" }).replaces, ["configPath"]);
        for (const news of [
            { settings: { A: "1" } },
            { connection: { host: "b" } },
            { recreate: ["x"] },
            { apply: false },
        ])
            assert.deepEqual({ ...changed(news) }, { ...changed(news), changes: true, replaces: [] });
        assert.equal(changed({}).changes, false);
    });
});
