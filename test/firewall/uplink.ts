import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import type { LabHost } from "../lab/host";
import { SILENCE_MS } from "../lab/packets";
import type { Bare } from "./bare-host";
import { callWith, change, DirectRemote, ssh, traces } from "./harness";

/** Moves a host's address to another link, in one go, for the way in goes through it. */
const moved = ({ address }: LabHost, from: string, to: string): string =>
    `route=$(ip route show default dev ${from})
    ip addr del ${address}/16 dev ${from}
    ip addr add ${address}/16 dev ${to}
    [ -z "$route" ] || ip route replace \${route%% *} \${route#* } dev ${to}`;

/** An administrator's bridge over the host's link, by a name that Docker's bridges begin with. */
async function throughBridge(host: LabHost, run: () => Promise<void>): Promise<void> {
    await host.must(`ip link add br-lan type bridge && ip link set br-lan up && ip link set eth0 master br-lan
        ${moved(host, "eth0", "br-lan")}`);
    try {
        await run();
    } finally {
        await host.must(`ip link set eth0 nomaster
            ${moved(host, "br-lan", "eth0")}
            ip link del br-lan`);
    }
}

/** A host whose uplink is a bridge. */
export function bridgedUplink(kind: string, bare: () => Bare): void {
    const firewall = openFirewall();
    it(`carry what comes in through an administrator's bridge br-lan, and take it for inInterface: ${kind}`, async () => {
        const { host, remote, ssh: forward, arrives, isSilent } = bare();
        const before = await traces(host);
        await throughBridge(host, async () => {
            for (const each of [forward, { ...forward, inInterface: "br-lan" }]) {
                const { refused, host: seen } = await firewall.apply(remote, [change("a", each)], callWith());
                assert.deepEqual([...refused], []);
                assert.deepEqual(seen.forwards.get("a")?.missing, []);
                assert.ok(await arrives());
            }
            await firewall.apply(remote, [change("a", undefined)], callWith());
            assert.ok(await isSilent());
        });
        assert.equal(await traces(host), before);
    });
}

const network = "docker network create --subnet 172.29.0.0/24 -o com.docker.network.bridge.name=mynet0 mine";

/** What Docker says of its own networks, and what is done while it says nothing. */
export function asksDocker(ground: () => { host: LabHost; client: LabHost }): void {
    const firewall = openFirewall();
    it("keep no address of a Docker network, whatever its bridge is called, and one of an administrator's bridge", async () => {
        const { host } = ground();
        const remote = new DirectRemote(host);
        await host.must(`${network}; ip link add br-lan type bridge; ip addr add 10.99.0.1/24 dev br-lan`);
        const rule = (address: string): string =>
            `PREROUTING -d ${address} -p tcp --dport 2022 -j DNAT --to-destination 10.9.9.9:22`;
        await host.must(["172.29.0.1", "10.99.0.1"].map((each) => `iptables -w -t nat -A ${rule(each)}`).join("\n"));
        // a new network of Docker's moves its rules up, so not before
        const before = await traces(host);
        const { refused } = await firewall.apply(remote, [change("a", ssh)], callWith());
        assert.deepEqual([...refused], []);
        const kept = await host.must("iptables-save -t nat | grep 'ISARDVDI-DNAT.*-j RETURN'");
        assert.deepEqual(kept.match(/-d \S+/g), ["-d 10.99.0.1/32"]);
        await firewall.apply(remote, [change("a", undefined)], callWith());
        assert.equal(await traces(host), before);
        await host.must(
            [
                ...["172.29.0.1", "10.99.0.1"].map((each) => `iptables -w -t nat -D ${rule(each)}`),
                "docker network rm mine",
                "ip link del br-lan",
            ].join("\n"),
        );
    });

    it("wait for a Docker that runs and says nothing, where a bridge may be its own, and are taken out meanwhile", async () => {
        const { host, client } = ground();
        const remote = new DirectRemote(host);
        const before = await traces(host);
        const answers = async (timeoutMs: number): Promise<boolean> =>
            (await client.tcp(host.address, 2022, { timeoutMs })).text.startsWith("SSH-");
        await firewall.apply(remote, [change("a", ssh)], callWith());
        await host.must("ip link add br-lan type bridge; ip addr add 10.99.0.1/24 dev br-lan");
        await host.must("kill -STOP $(cat /run/docker.pid)");
        const other = change("b", { ...ssh, from: 3022, to: 3022, toPort: 2022 });
        try {
            const { refused } = await firewall.apply(remote, [change("a", undefined), other], callWith());
            assert.match(
                refused.get("b")?.message ?? "",
                /^Unable to understand the firewall of root@h1: Docker did not answer within 5 s, and no rule of it names .*br-lan, so/,
            );
            assert.equal(await answers(SILENCE_MS), false);
            assert.equal(await traces(host), before);
        } finally {
            await host.must("kill -CONT $(cat /run/docker.pid)");
        }
        const { refused } = await firewall.apply(remote, [other], callWith());
        assert.deepEqual([...refused], []);
        await firewall.apply(remote, [change("b", undefined)], callWith());
        await host.must("ip link del br-lan");
        assert.equal(await traces(host), before);
    });
}

/** A start of Docker's command costs as much as the rest of a look. */
export function asksDockerOnce(ground: () => LabHost): void {
    it("is looked at with one start of Docker's command, and with a second one for a bridge with a name of its own", async () => {
        const host = ground();
        const remote = new DirectRemote(host);
        const starts = async (): Promise<string> => {
            await host.must("rm -f /run/starts");
            await openFirewall().inspect(remote, "auto", callWith());
            return await host.must("cut -d ' ' -f 2 /run/starts");
        };
        const script = `#!/bin/sh\necho "$@" >>/run/starts\nexec /usr/bin/docker.real "$@"\n`;
        await host.must("mv /usr/bin/docker /usr/bin/docker.real; cat >/usr/bin/docker; chmod 755 /usr/bin/docker", {
            input: script,
        });
        try {
            assert.equal(await starts(), "ls\n");
            await host.must(network);
            assert.equal(await starts(), "ls\ninspect\n");
            await host.must("docker network rm mine");
        } finally {
            await host.must("mv /usr/bin/docker.real /usr/bin/docker");
        }
    });
}
