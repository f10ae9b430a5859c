import { strict as assert } from "node:assert";
import { desiredRules } from "../../../provider/firewall/desired";
import { forwardOf } from "../../../provider/port-forward/inputs";
import type { Inputs } from "../../../provider/port-forward/schema";
import { failed } from "../harness/hypervisor";
import { forward, key, nowhere, urnOf } from "../harness/port-forward";
import { warmProvider, type WarmProvider } from "../harness/warm";

const password = "correct-horse-battery";

describe("a port forward on a host that cannot be reached", () => {
    let provider: WarmProvider;
    before(async () => {
        provider = await warmProvider();
    });
    after(() => provider.stop());
    const connection = { ...nowhere, password, privateKey: key, proxy: { ...nowhere, port: 10, password } };

    it("fails in one line without a secret, and keeps nothing", async () => {
        const error = await failed(provider.create(forward("secret", { connection })));
        assert.equal(error.initError, undefined);
        assert.match(error.message, /^Unable to /);
        const told = [
            error.message,
            JSON.stringify(provider.lines),
            provider.output.stdout,
            provider.output.stderr,
        ].join();
        for (const secret of [password, "PRIVATE KEY", "b3BlbnNz"]) assert.ok(!told.includes(secret), secret);
        assert.doesNotMatch(error.message, /\n/);
        assert.equal(provider.output.stderr, "");
    });

    it("cannot be deleted there, and the error names the ways out", async () => {
        const owner = { tag: "tag", name: urnOf("gone") };
        const rules = desiredRules(forwardOf(forward("gone") as unknown as Inputs), "iptables", owner);
        const state = { ...forward("gone"), rules, machineId: "m" };
        const { message } = await failed(provider.delete("tag", state));
        assert.ok(message.includes(`pulumi state delete '${urnOf("gone")}'`), message);
        assert.match(message, /iptables -t nat -D ISARDVDI-DNAT .*iptables -t filter -D ISARDVDI-FWD/);
        assert.doesNotMatch(message, /\n/);
    });

    it("is not lost by a refresh", async () => {
        const state = { ...forward("kept"), machineId: "m" };
        const { message } = await failed(provider.read("tag", state));
        assert.match(message, /^Unable to /);
    });
});
