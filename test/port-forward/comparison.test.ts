import { strict as assert } from "node:assert";
import type { Forward, HostFirewall } from "../../provider/firewall/firewall";
import { comparison } from "../../provider/port-forward/comparison";
import { forwardOf } from "../../provider/port-forward/inputs";
import type { Inputs } from "../../provider/port-forward/schema";

const inputs: Inputs = {
    connection: "h1",
    protocol: "tcp",
    port: 2022,
    toAddress: "172.31.255.17",
    __urn: "urn:today",
};
const forward: Forward = forwardOf(inputs);
/** A host whose ledger has forwards of the same packets, by tag and name. */
const host = (names: Record<string, string>): HostFirewall => ({
    machineId: "m",
    backend: "iptables",
    why: "it is a test",
    forwards: new Map(
        Object.entries(names).map(([tag, name]) => [
            tag,
            { owner: { tag, name }, forward, backend: "iptables", rules: [], missing: [] },
        ]),
    ),
    foreign: [],
    judged: () => [],
    obstacle: () => undefined,
});
const warnings = (there: HostFirewall, former: Parameters<typeof comparison>[2]): string[] =>
    comparison({ rulesOf: () => ["RULE"] }, inputs, former, there).flatMap(({ level, text }) =>
        level === "warn" ? [text] : [],
    );

describe("the comparison of a preview", () => {
    it("shows no conflict of a forward with itself, whatever its names were", () => {
        // moved twice, and written under the first name
        assert.deepEqual(warnings(host({ a: "urn:first" }), { name: "urn:second", tag: "a" }), []);
        // made first for a replacement whose run was killed
        assert.deepEqual(warnings(host({ a: "urn:today", b: "urn:today" }), { name: "urn:today", tag: "a" }), []);
    });

    it("names another's, and how it is given up", () => {
        const [warning = "", ...more] = warnings(host({ b: "urn:other" }), { name: undefined, tag: undefined });
        assert.match(
            warning,
            /urn:other has tcp 2022 → 172\.31\.255\.17 .*aliases.*clear-forwards CONNECTION --owner 'urn:other'/,
        );
        assert.deepEqual(more, []);
    });
});
