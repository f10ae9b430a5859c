import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { flowsOf } from "../../provider/verification/flows";
import { needsLab } from "../lab/skip";
import { type Bare, bareHost } from "./bare-host";
import { callWith, change } from "./harness";

describe("a datagram that nobody answers", function () {
    this.timeout(120_000);
    let bare: Bare;
    before(needsLab);
    before(async () => (bare = await bareHost()));
    after(async () => await bare?.lab.stop());

    it("is one that went on to its target only past every filter, ours and those after it", async () => {
        const { host, client, remote, ssh } = bare;
        const forward = { ...ssh, protocol: "udp" as const, from: 4500, to: 4500, toPort: undefined };
        await openFirewall().apply(remote, [change("a", forward)], callWith());
        const send = () => client.must(`bash -c 'exec 3<>"/dev/udp/${host.address}/4500" && printf x >&3'`);
        const flows = async (): Promise<number | undefined> => (await flowsOf(remote, forward, callWith()))?.size;
        // behind our own accept, where the counter of ours has counted it already
        await host.must(`nft add table ip late
            nft 'add chain ip late forward { type filter hook forward priority 10; }'
            nft add rule ip late forward udp dport 4500 counter drop`);
        await send();
        await host.must("until nft list table ip late | grep -q 'packets 1 '; do sleep 0.05; done");
        assert.equal(await flows(), 0);
        await host.must("nft delete table ip late");
        await send();
        assert.equal(await flows(), 1);
        assert.equal((await flowsOf(remote, { ...forward, from: 4501, to: 4600 }, callWith()))?.size, 0);
        await openFirewall().apply(remote, [change("a", undefined)], callWith());
    });
});
