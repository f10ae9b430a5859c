import { strict as assert } from "node:assert";
import { definition } from "../../../provider/hypervisor/schema";
import { changes, setKey } from "../../../provider/property/changes";
import { unknownValue } from "../../../provider/property/unknown";
import type { Values } from "../../../provider/resource";

const state: Values = {
    hyperId: "h1",
    hostname: "h1",
    sshPort: 2022,
    enabled: true,
    storagePools: ["a", "b"],
    viewer: { staticUrl: "h1", videoUrl: "h1", spicePort: 80 },
    capabilities: { disk: true, hypervisor: true },
    deletion: { policy: "drain" },
    status: "Online",
    [setKey]: ["hyperId", "hostname", "deletion"],
};
const kinds = (inputs: Values, from = state) =>
    changes(definition, from, { hyperId: "h1", hostname: "h1", deletion: { policy: "drain" }, ...inputs }).map(
        ({ name, kind }) => `${name}:${kind}`,
    );

describe("changes", () => {
    it("finds none when the program says what the server has", () => {
        assert.deepEqual(kinds({ sshPort: 2022, viewer: { spicePort: 80 }, storagePools: ["b", "a"] }), []);
    });
    it("compares only what the program sets", () => {
        assert.deepEqual(kinds({}, { ...state, onlyForced: true, description: "by hand" }), []);
    });
    it("tells replace, update and state-only apart", () => {
        assert.deepEqual(kinds({ hyperId: "h2", sshPort: 22, deletion: { policy: "force" }, site: "bcn" }), [
            "hyperId:replace",
            "sshPort:update",
            "deletion:state-only",
            "site:state-only",
        ]);
    });
    it("sees drift in a part that is set", () =>
        assert.deepEqual(kinds({ viewer: { spicePort: 81 } }), ["viewer:update"]));
    it("takes an undecided value for a change", () =>
        assert.deepEqual(kinds({ sshPort: unknownValue }), ["sshPort:update"]));
    it("brings a property back to its default when it is taken out of the program", () => {
        const was = { ...state, enabled: false, [setKey]: ["hyperId", "hostname", "deletion", "enabled"] };
        assert.deepEqual(kinds({}, was), ["enabled:update"]);
        assert.deepEqual(kinds({}, { ...was, enabled: true }), []);
    });
    it("forgets a state-only value that is taken out of the program", () => {
        assert.deepEqual(
            changes(definition, state, { hyperId: "h1", hostname: "h1" }).map(({ name }) => name),
            ["deletion"],
        );
    });
    it("never compares hidden names", () => assert.deepEqual(kinds({ __urn: "urn:new", __provider: "x" }), []));
});
