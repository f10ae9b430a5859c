import { strict as assert } from "node:assert";
import { randomBytes } from "node:crypto";
import { openSite } from "../../provider/isardvdi";
import { silentLog, systemClock } from "../../provider/world";
import { type Sandbox, startSandbox } from "../../sandbox";
import { Hosts } from "../e2e/harness/hosts";
import { packages } from "../lab/packages";
import { hosts, type Story } from "./story";
import { Wire } from "./wire";

/** Asked for once: a shell tells it. */
let lab: string | undefined;
const cfg = "/opt/isard/src/isardvdi.cfg";

/** A site that is not ours alone, and the ways to it that can be cut. */
export class World {
    private constructor(
        readonly sandbox: Sandbox,
        readonly operator: Hosts,
        readonly api: Wire,
        readonly ssh: Wire,
    ) {}

    static async start(generation: Story["generation"]): Promise<World> {
        // its own, for what runs beside it puts the usual one on command lines
        const apiSecret = `of-this-world-${randomBytes(16).toString("hex")}`;
        const sandbox = await startSandbox({
            apiSecret,
            generation,
            machines: true,
            packages: (lab ??= packages()),
            hosts: [...hosts, "h9"],
            timeScale: 50,
        });
        const port = Number(new URL(sandbox.apiUrl).port);
        const sshPort = sandbox.connections()["server"]?.port ?? 0;
        const world = new World(sandbox, new Hosts(sandbox), await Wire.to(port), await Wire.to(sshPort));
        await world.operator.on(
            "h9",
            `iptables -t nat -A PREROUTING -p tcp --dport 2022 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.31.255.17 &&
            iptables -I DOCKER-USER -p tcp -d 172.31.255.17 --dport 2022 -j ACCEPT`,
        );
        await world.register();
        await world.operator.on("server", `printf '%s\\n' 'THEIRS=1  # kept' "# SESSIONS_EXPIRATION=2h" >>${cfg}`);
        for (const host of hosts) await world.addRule(host, 29_999);
        return world;
    }

    /** The stack's configuration. */
    config(): Record<string, string> {
        const quick = { dialErrorLimit: 2, perDialTimeout: 30 };
        const ways = Object.entries(this.sandbox.connections()).map(([name, way]) => {
            const server = { ...(way.proxy && typeof way.proxy === "object" ? way.proxy : way), port: this.ssh.port };
            return [name, { ...(way.proxy ? { ...way, proxy: server } : server), ...quick }];
        });
        return {
            apiUrl: this.sandbox.apiUrl.replace(/:\d+$/, `:${this.api.port}`),
            apiSecret: this.sandbox.apiSecret,
            connections: JSON.stringify(Object.fromEntries(ways)),
        };
    }

    secrets(): string[] {
        const keys = Object.values(this.sandbox.connections()).map(
            ({ privateKey = "" }) => String(privateKey).split("\n")[2] ?? "",
        );
        return [this.sandbox.apiSecret, "redis-secret-", ...keys].filter((secret) => secret !== "");
    }

    /** A rule by hand, past the forwards of ours. */
    async addRule(host: string, port: number): Promise<void> {
        const rule = `PREROUTING -p tcp -m tcp --dport ${port} -j DNAT --to-destination 10.9.9.9`;
        await this.operator.on(host, `iptables -w -t nat -C ${rule} 2>/dev/null || iptables -w -t nat -A ${rule}`);
    }

    async addLine(name: string): Promise<void> {
        await this.operator.on("server", `echo '${name}=theirs' >>${cfg}`);
    }

    async changeLine(): Promise<void> {
        await this.operator.on("server", `sed -i 's/^SESSIONS_EXPIRATION=.*/SESSIONS_EXPIRATION=7h/' ${cfg}`);
    }

    /** All on the hosts that no program of ours has made, and the rest of the cfg. */
    async foreign(): Promise<string> {
        const rules = await Promise.all(hosts.map((host) => this.rules(host)));
        const foreign = rules.flat().filter((line) => !/ISARDVDI|pulumi-isardvdi/.test(line));
        const lines = (await this.cfg()).filter(
            (line) => !/^(SESSIONS_EXPIRATION|REDIS_PASSWORD|VIDEO_HYPERVISOR)/.test(line),
        );
        const { id, hostname, description, enabled } = this.sandbox.hypervisors.get("theirs") ?? {};
        return [...foreign, ...lines, JSON.stringify({ id, hostname, description, enabled })].join("\n");
    }

    async rules(host: string): Promise<string[]> {
        return (await this.operator.traces(host)).split("\n");
    }

    async cfg(): Promise<string[]> {
        return (await this.operator.on("server", `cat ${cfg}`)).split("\n");
    }

    async stop(): Promise<void> {
        this.api.stop();
        this.ssh.stop();
        await this.operator.close();
        await this.sandbox.stop();
    }

    /** Over the API, for each generation has a registration of its own; what it made is nobody's of this story. */
    private async register(): Promise<void> {
        const { apiUrl, apiSecret, hypervisors } = this.sandbox;
        const call = { signal: new AbortController().signal, log: silentLog };
        const site = await openSite(
            {
                name: "default",
                apiUrl,
                credentials: { kind: "secret", apiSecret, apiSecretKid: "isardvdi" },
                insecureSkipTlsVerify: false,
                apiGeneration: "auto",
            },
            { clock: systemClock, signal: call.signal },
        );
        const description = "of somebody else";
        await site.register(
            {
                hyperId: "theirs",
                hostname: "h9",
                sshPort: 2022,
                sshUser: "root",
                description,
                capabilities: { disk: true, hypervisor: true },
                onlyForced: false,
                kvmModule: "intel",
                viewer: { staticUrl: "h9", videoUrl: "h9", proxyHyperUrl: "h9", spicePort: 80, html5Port: 443 },
            },
            call,
        );
        assert.equal(hypervisors.get("theirs")?.["description"], description);
    }
}
