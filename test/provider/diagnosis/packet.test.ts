import { strict as assert } from "node:assert";
import { saveOf, stopOf } from "../../../provider/diagnosis/probe/packet";

const save = (...rules: string[]): ReturnType<typeof saveOf> =>
    saveOf(["*filter", ":FORWARD ACCEPT", ":DOCKER -", ...rules, "COMMIT"].join("\n"));
const to = { address: "172.31.255.17", port: 22 };

describe("what stops a packet on its way to a container", () => {
    const drop = "-A FORWARD -o mynet0 -p tcp -j DROP";
    it("is told by Docker's bridges, whatever they are called", () => {
        const fromBridge = "-A FORWARD -i mynet0 -j ACCEPT";
        const through = (bridges: string[], ...rules: string[]): string | undefined =>
            stopOf(
                { saves: [save(...rules)], firewalld: [], isForwarding: true, bridges: new Set(bridges) },
                "tcp",
                2022,
                to,
            );
        const last = "-A FORWARD -p tcp -d 172.31.255.17/32 -j DROP";
        // from the containers of another network, so the packet from outside meets the rule after it
        assert.equal(through(["mynet0"], fromBridge, last), last);
        // an uplink: it may be the way in
        assert.equal(through(["mynet0"], "-A FORWARD -i br-lan -j ACCEPT", last), undefined);
        assert.equal(through([], "-A FORWARD -o br-lan -j ACCEPT", last), last);
        assert.equal(through(["mynet0"], "-A FORWARD -o mynet0 -j ACCEPT", drop, last), undefined);
    });
});
