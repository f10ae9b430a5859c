import { isDeepStrictEqual } from "node:util";
import type { ConnectionArgs } from "../../../provider/connection";
import { Network } from "../../../sandbox/machine/network";
import { LabHost } from "../../lab/host";
import { Janitor } from "../../lab/janitor";
import { packages } from "../../lab/packages";
import { SERVICE } from "../../lab/service";
import type { Held } from "../held";
import { host as loopback, type Live, recorded } from "../volatile";
import { lookScript, putScript, seenOn } from "./machine";
import type { ForwardsSpec, World } from "./world";

const names = ["h1", "h2"] as const;
const bridge = "br-isard";

/** What Docker leaves on a host: its chains, and with firewalld a zone of its own, for a network that has a fixed name. */
const docker = `
iptables-restore --noflush <<'RULES'
*filter
:FORWARD DROP
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
-I FORWARD -j DOCKER-USER
-I FORWARD 2 -o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-I FORWARD 3 -o ${bridge} -j DOCKER
-I FORWARD 4 -i ${bridge} ! -o ${bridge} -j ACCEPT
-A DOCKER-USER -j RETURN
COMMIT
*nat
:DOCKER - [0:0]
-A POSTROUTING -s 172.31.255.0/24 ! -o ${bridge} -j MASQUERADE
COMMIT
RULES
echo 1 >/proc/sys/net/ipv4/ip_forward`;
const dockerZone = `
firewall-cmd -q --permanent --new-zone=docker 2>/dev/null || true
firewall-cmd -q --permanent --zone=docker --set-target=ACCEPT
firewall-cmd -q --permanent --zone=docker --add-interface=${bridge}
firewall-cmd -q --reload`;

/** Hosts of the lab of one kind of firewall, a hypervisor's container behind each, and a client to come through. */
export class Forwards implements World {
    readonly sandboxes = {};

    /** As of the last look; what is so already is not put back, for a firewalld that reloads takes its time. */
    private last: Held["machines"] = {};

    private constructor(
        private readonly network: Network,
        private readonly janitor: Janitor,
        private readonly hosts: Record<string, LabHost>,
        private readonly client: ConnectionArgs,
    ) {}

    static async start({ firewall }: ForwardsSpec): Promise<Forwards> {
        const network = await Network.start({ packages: packages() });
        const janitor = Janitor.start();
        try {
            const start = (name: string, kind: ForwardsSpec["firewall"]): Promise<LabHost> =>
                LabHost.start(network, name, { firewall: kind }, janitor);
            // one after the other, so that each has the same address every time
            const client = await start("client", "iptables-nft");
            const hosts: Record<string, LabHost> = {};
            for (const name of names) hosts[name] = await start(name, firewall);
            await Promise.all(Object.values(hosts).map((host) => prepare(network, host)));
            return new Forwards(network, janitor, hosts, await client.connection());
        } catch (error) {
            await network.stop();
            await janitor.stop();
            throw error;
        }
    }

    get config(): Record<string, string> {
        const through = (host: LabHost | undefined): object => ({
            ...host?.ssh,
            host: host?.address,
            proxy: this.client,
        });
        const { h1, h2 } = this.hosts;
        const ways = { h1: through(h1), h2: through(h2), "h1-by-another-name": through(h1) };
        return { "isardvdi:connections": JSON.stringify(ways) };
    }

    get live(): Live {
        const { port, hostKey, privateKey } = this.client;
        const ways = Object.entries(this.hosts).map(([name, { ssh }]): [string, Partial<LabHost["ssh"]>] => [
            name,
            ssh,
        ]);
        const keys = [...ways, ["client", { hostKey: String(hostKey), privateKey: String(privateKey) }] as const];
        return {
            "@port client@": `${loopback}${port}`,
            ...Object.fromEntries(
                keys.flatMap(([name, ssh]) => [
                    [`@host key of ${name}@`, String(ssh.hostKey)],
                    [`@private key of ${name}@`, String(ssh.privateKey)],
                ]),
            ),
        };
    }

    async snapshot(): Promise<Held> {
        const seen = await Promise.all(
            Object.keys(this.hosts).map(async (name) => [name, seenOn(await this.run(name, lookScript))] as const),
        );
        const held = recorded({ sites: {}, machines: Object.fromEntries(seen) }, this.live) as Held;
        this.last = held.machines;
        return held;
    }

    async restore({ machines }: Held): Promise<void> {
        const others = Object.entries(machines).filter(([name, held]) => !isDeepStrictEqual(held, this.last[name]));
        await Promise.all(others.map(([name, held]) => this.run(name, putScript(held))));
        this.last = {};
    }

    still(): void {
        // nothing but the hosts
    }

    async run(machine: string, script: string): Promise<string> {
        const host = this.hosts[machine];
        if (!host) throw new Error(`there is no machine ${machine}`);
        return await host.must("exec sh -s", { input: script, timeoutMs: 60_000 });
    }

    async stop(): Promise<void> {
        await this.network.stop();
        await this.janitor.stop();
    }
}

async function prepare(network: Network, host: LabHost): Promise<void> {
    const behind = { machine: host.machine, bridge, gateway: "172.31.255.1", address: "172.31.255.17" };
    await host.must(`echo ${Buffer.from(`recorded ${host.name}`.padEnd(16)).toString("hex")} >/etc/machine-id`);
    const container = await network.machine("isard-hypervisor", { behind });
    await container.must("cat >/service.py", { input: SERVICE });
    container.spawn("exec python3 -u /service.py tcp:2022:ssh tcp:5900-7899:port udp:4443:echo");
    await container.must("until [ -e /run/ready ]; do sleep 0.05; done", { timeoutMs: 20_000 });
    if (host.firewall.startsWith("firewalld")) await host.must(dockerZone);
    await host.must(docker);
}
