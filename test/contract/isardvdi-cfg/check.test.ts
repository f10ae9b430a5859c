import { strict as assert } from "node:assert";
import { settings, video } from "../harness/cfg";
import { warmProvider, type WarmProvider } from "../harness/warm";
import type { Values } from "../harness/rpc";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Nothing listens there, and nobody is dialled twice. */
const connections = { server: { host: "127.0.0.1", port: 9, dialErrorLimit: 0, perDialTimeout: 1 } };

const mistakes: [string, Values, string, RegExp][] = [
    ["a hostname with a space", video("v", ["h1 h2"]), "hypervisorHostnames.0", /"h1 h2"/],
    ["a hostname with a comma", video("v", ["h1,h2"]), "hypervisorHostnames.0", /"h1,h2"/],
    ["a hostname with a scheme", video("v", ["https://h1"]), "hypervisorHostnames.0", /"https:\/\/h1"/],
    ["a hostname with a port", video("v", ["h1:5900"]), "hypervisorHostnames.0", /"h1:5900"/],
    ["ports out of range", video("v", ["h1"], { ports: "0-7899" }), "ports", /0-7899/],
    ["ports in reverse", video("v", ["h1"], { ports: "7899-5900" }), "ports", /7899-5900/],
    ["a mode that is none", video("v", ["h1"], { mode: "both" }), "mode", /"both"/],
    ["a path that is no isardvdi.cfg", video("v", ["h1"], { configPath: "/etc/passwd" }), "configPath", /isardvdi/],
    ["an unknown connection", video("v", ["h1"], { connection: "sever" }), "connection", /"sever"/],
    ["a key that sh cannot assign", settings("s", { "A-B": "1" }), "settings.A-B", /letters, digits/],
    ["a value of two lines", settings("s", { MOTD: "a\nb" }), "settings.MOTD", /line/],
    ["a service that is none", settings("s", { A: "1" }, { recreate: ["a b"] }), "recreate.0", /service/],
    ["an unknown property", settings("s", { A: "1" }, { aply: false }), "aply", /Did you mean "apply"/],
];

describe("check and diff of isardvdi.cfg's resources over gRPC", () => {
    let provider: WarmProvider;
    before(async () => {
        provider = await warmProvider({ "isardvdi:connections": JSON.stringify(connections) });
    });
    after(() => provider.stop());

    for (const [name, program, property, reason] of mistakes)
        it(`${name} is one failure that names its property`, async () => {
            const { failures } = await provider.check({}, program);
            assert.deepEqual(
                failures.map((failure) => failure.property),
                [property],
                JSON.stringify(failures),
            );
            assert.match(failures[0]?.reason ?? "", reason);
            assert.doesNotMatch(failures[0]?.reason ?? "", /\n/);
        });

    for (const [name, program] of [
        ["the hostnames", video("v1", unknown)],
        ["one hostname", video("v2", ["h1", unknown])],
        ["the ports", video("v3", ["h1"], { ports: unknown })],
        ["the connection", video("v4", ["h1"], { connection: unknown })],
        ["the settings", settings("s1", unknown)],
        ["one value", settings("s2", { A: unknown })],
    ] satisfies [string, Values][])
        it(`pass when ${name} is decided only during up`, async () => {
            const { inputs, failures } = await provider.check({}, program);
            assert.deepEqual(failures, []);
            assert.doesNotMatch(JSON.stringify(inputs["lines"]), new RegExp(unknown));
            assert.equal((await provider.diff("id", { ...inputs, lines: [] }, inputs)).changes, true);
        });

    it("show the lines in the preview, with no value that may be a credential", async () => {
        const of = async (program: Values): Promise<unknown> => (await provider.check({}, program)).inputs["lines"];
        assert.deepEqual(await of(video("v5", ["h2", "h1"])), [
            "VIDEO_HYPERVISOR_HOSTNAMES=h2,h1",
            "VIDEO_HYPERVISOR_PORTS=5900-7899",
        ]);
        const shown = JSON.stringify(await of(settings("s3", { REDIS_PASSWORD: "hunter-22" })));
        assert.match(shown, /REDIS_PASSWORD=/);
        assert.doesNotMatch(shown, /hunter/);
    });
});
