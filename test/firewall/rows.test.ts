import { strict as assert } from "node:assert";
import { requiredForwards } from "../../sdk";
import { deployments, rowsOf } from "./rows";

describe("the rows of requiredForwards", () => {
    it("are all in the matrix", () => {
        const needed = ["manual", "v3", "v4"].flatMap((release) =>
            ["hypervisor", "hypervisor-standalone"].flatMap((flavour) =>
                ["wireguard+geneve", "geneve"].flatMap((vpnTunnelingMode) =>
                    [false, true].flatMap((storage) => {
                        const rows = requiredForwards({ release, flavour, vpnTunnelingMode, storage } as never);
                        return [...rows.host, ...rows.server];
                    }),
                ),
            ),
        );
        const told = (rows: { why: string }[]): string[] =>
            [...new Set(rows.map(({ why: _why, ...rule }) => JSON.stringify(rule)))].sort();
        assert.deepEqual(told(Object.values(deployments).flatMap(rowsOf)), told(needed));
    });
});
