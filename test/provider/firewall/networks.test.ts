import { strict as assert } from "node:assert";
import fc from "fast-check";
import { isHostAddress, networkOf, networksOverlap } from "../../../provider/firewall/networks";
import { portRange, portText } from "../../../provider/port-forward/ports";

describe("networks", () => {
    it("are IPv4, with a length, and without host bits", () => {
        assert.deepEqual(networkOf("10.0.0.0/24"), { address: 167772160, bits: 24 });
        assert.deepEqual(networkOf("10.0.0.7"), { address: 167772167, bits: 32 });
        assert.deepEqual(networkOf("0.0.0.0/0"), { address: 0, bits: 0 });
        for (const wrong of [
            "10.0.0.7/24",
            "10.0.0.0/33",
            "10.0.0/24",
            "::1",
            "h1",
            "10.0.0.0/",
            "10.0.0.0/8/8",
            "1;x",
        ])
            assert.equal(networkOf(wrong), undefined, wrong);
    });

    it("overlap when one is within the other", () => {
        const overlap = (a: string, b: string): boolean => {
            const [one, two] = [networkOf(a), networkOf(b)];
            assert.ok(one && two);
            return networksOverlap(one, two);
        };
        assert.ok(overlap("10.0.0.0/8", "10.9.0.0/16"));
        assert.ok(overlap("10.9.0.7", "10.0.0.0/8"));
        assert.ok(overlap("0.0.0.0/0", "192.168.1.1"));
        assert.ok(!overlap("10.0.0.0/24", "10.0.1.0/24"));
    });

    it("hold addresses that a machine can have", () => {
        for (const good of ["172.31.255.17", "10.0.0.1", "223.255.255.254"]) assert.ok(isHostAddress(good), good);
        for (const bad of ["127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "h1.example.org", "::1", "1.2.3"])
            assert.ok(!isHostAddress(bad), bad);
    });
});

describe("port ranges", () => {
    it("come back as they were written", () => {
        const port = fc.integer({ min: 1, max: 65535 });
        fc.assert(
            fc.property(port, port, (a, b) => {
                const [from, to] = [Math.min(a, b), Math.max(a, b)];
                const range = portRange(from === to ? from : `${from}-${to}`);
                assert.deepEqual(range, { from, to });
                assert.deepEqual(portRange(portText({ from, to })), { from, to });
                if (from !== to) assert.equal(portRange(`${to}-${from}`), undefined);
            }),
        );
    });
});
