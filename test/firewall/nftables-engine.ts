import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { Lab } from "../lab/lab";
import { SILENCE_MS } from "../lab/packets";
import { needsEngine } from "../lab/skip";
import { takesBack } from "./docker-host";
import { goesOnWithLiveRestore } from "./live-restore";
import type { Kind } from "./gap";
import { callWith, change, DirectRemote, ssh, traces } from "./harness";
import { carriesRows, type Ground, serveElsewhere } from "./matrix";
import { ours } from "./survival";

const nftables = { "firewall-backend": "nftables" };
const option = { "bridge-accept-fwmark": "0x10000/0x10000" };
const marked = { ...nftables, ...option };

/** Docker 29 with its own rules in nftables, which drop what others forward unless it has a mark. */
export function onNftablesEngine(kind: Extract<Kind, "iptables-nft" | "firewalld-nftables">): void {
    const firewall = openFirewall();
    describe(`the forwards of a host with Docker 29, nftables as its back end, and ${kind}`, function () {
        this.timeout(300_000);
        let lab: Lab | undefined;
        let there: Ground;
        const ground = (): Ground => there;
        const reaches = async (timeoutMs = 30_000): Promise<boolean> =>
            (await there.client.tcp(there.host.address, 2022, { timeoutMs })).text.startsWith("SSH-");
        /** With another daemon.json, as an administrator changes it. */
        const restartWith = async (daemon: Record<string, unknown>): Promise<void> => {
            await there.host.must("cat >/etc/docker/daemon.json", { input: JSON.stringify(daemon) });
            await there.host.restartDocker();
        };
        before(needsEngine("29"));
        before(async () => {
            lab = await Lab.start();
            const [host, client] = await Promise.all([
                lab.host("h1", { docker: { engine: "29", daemon: marked, hypervisorSsh: [22, 2022] }, firewall: kind }),
                lab.host("client"),
            ]);
            const [desktop] = await Promise.all([lab.host("desktop", { behind: host }), serveElsewhere(client)]);
            there = { host, client, desktop, target: (address) => address };
        });
        after(async () => await lab?.stop());

        carriesRows(ground);
        takesBack(ground);

        if (kind === "iptables-nft") goesOnWithLiveRestore(ground, marked);

        it("survive a restart of Docker, and are seen to lack what it forgot", async () => {
            const { host } = ground();
            const remote = new DirectRemote(host);
            const before = await traces(host);
            const { host: seen } = await firewall.apply(remote, [change("kept", ssh)], callWith());
            assert.equal(seen.backend, kind === "iptables-nft" ? "nftables" : "firewalld");
            assert.ok(await reaches());
            await host.restartDocker();
            assert.ok(await reaches(), "lost with the restart of Docker");
            await restartWith(nftables);
            assert.equal(await reaches(SILENCE_MS), false, "it passes without the option");
            const lacking = await firewall.inspect(remote, "auto", callWith());
            assert.deepEqual(lacking.forwards.get("kept")?.missing, ["Docker's option bridge-accept-fwmark"]);
            const { refused } = await firewall.apply(
                remote,
                [change("other", { ...ssh, from: 2023, to: 2023 })],
                callWith(),
            );
            assert.match(
                refused.get("other")?.message ?? "",
                /"bridge-accept-fwmark": "0x10000\/0x10000" to \/etc\/docker/,
            );
            // for want of the option nothing has to stay
            await firewall.apply(remote, [change("kept", undefined)], callWith());
            assert.deepEqual(ours(await traces(host)), ours(before));
        });

        // without the option at first, as the test before leaves it
        if (kind === "iptables-nft") goesOnWithLiveRestore(ground, nftables, option);

        it("go on where Docker goes over to nftables and back, once they are put in anew", async () => {
            const { host } = ground();
            const remote = new DirectRemote(host);
            await restartWith({});
            await firewall.apply(remote, [change("a", ssh)], callWith());
            for (const daemon of [marked, {}]) {
                await restartWith(daemon);
                const seen = await firewall.inspect(remote, "auto", callWith());
                const { missing = [] } = seen.forwards.get("a") ?? {};
                // firewalld's own entries serve Docker's iptables as well
                assert.ok(missing.length > 0 || (await reaches(SILENCE_MS)), "the switch was not seen");
                await firewall.apply(remote, [change("a", ssh)], callWith());
                assert.ok(await reaches(), JSON.stringify(daemon));
                const { forwards } = await firewall.inspect(remote, "auto", callWith());
                assert.deepEqual(forwards.get("a")?.missing, []);
            }
            await firewall.apply(remote, [change("a", undefined)], callWith());
        });
    });
}
