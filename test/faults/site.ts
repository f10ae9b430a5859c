import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import { diagnose, type Diagnosis } from "../../provider/diagnosis";
import { openSite } from "../../provider/isardvdi";
import type { Registration, SiteSettings } from "../../provider/isardvdi/api";
import { openRemotes, type Remotes } from "../../provider/remote";
import { silentLog, systemClock } from "../../provider/world";
import { startSandbox, type Generation, type Row, type Sandbox } from "../../sandbox";
import { packages } from "../lab/packages";

export const ID = "hyper-01";
const HOST = "h1";

interface CalmRow {
    status: string;
    enabled: boolean;
    degraded: { is_degraded: boolean };
    vpn: { tunnel_status?: string };
}

/** A site with machines and one hypervisor that is Online, and the diagnosis as `explain` and the command make it. */
export class FaultySite {
    private constructor(
        readonly sandbox: Sandbox,
        private readonly remotes: Remotes,
    ) {}

    static async start(generation: Generation): Promise<FaultySite> {
        const sandbox = await startSandbox({
            generation,
            machines: true,
            packages: packages(),
            hosts: [HOST],
            timeScale: 50,
            tls: true,
            certificateNames: ["127.0.0.1"],
        });
        const site = new FaultySite(sandbox, openRemotes());
        sandbox.host(HOST).container.configure({ HYPER_ID: ID });
        await site.on(HOST, forward("A"));
        await site.register();
        return site;
    }

    get host() {
        return this.sandbox.host(HOST);
    }

    get row(): Row | undefined {
        return this.sandbox.hypervisors.get(ID);
    }

    async stop(): Promise<void> {
        await this.remotes.close();
        await this.sandbox.stop();
    }

    /** Types a command on a machine; what it answers must be code 0. */
    async on(name: string, command: string): Promise<string> {
        const connection = this.sandbox.connections()[name];
        assert.ok(connection, `no way to log in to ${name}`);
        const call = { signal: AbortSignal.timeout(30_000), log: silentLog };
        const { code, stdout, stderr } = await this.remotes.open(connection).run(command, call);
        assert.equal(code, 0, `${command}: ${stderr}`);
        return stdout;
    }

    /** Registers and enables it over the API, and waits for the engine. */
    async register(changed: Partial<Registration> = {}, status = "Online"): Promise<void> {
        const call = { signal: AbortSignal.timeout(30_000), log: silentLog };
        const api = await openSite(this.settings(), { clock: systemClock, signal: call.signal });
        await api.register(
            {
                hyperId: ID,
                hostname: HOST,
                sshPort: 2022,
                sshUser: "root",
                capabilities: { disk: true, hypervisor: true },
                onlyForced: false,
                kvmModule: "intel",
                viewer: {
                    staticUrl: HOST,
                    videoUrl: HOST,
                    proxyHyperUrl: "isard-hypervisor",
                    spicePort: 80,
                    html5Port: 443,
                },
                ...changed,
            },
            call,
        );
        const { hyperId = ID } = changed;
        await api.setEnabled(hyperId, true, call);
        await this.until(status, () => this.sandbox.hypervisors.get(hyperId)?.status === status);
    }

    /** The same for a record that is made anew, with what the site keeps beside it. */
    async registerAnew(changed: Partial<Registration> = {}, status?: string): Promise<void> {
        this.sandbox.hypervisors.delete(ID);
        await this.register(changed, status);
    }

    /** Takes the engine's key away from the hypervisor, and its connection. */
    async lockOut(): Promise<() => void> {
        this.host.closeSsh();
        this.host.turn({ engineKey: "revoked", ssh: "open" });
        await this.until("Error", () => this.row?.status === "Error");
        return () => this.host.turn({ engineKey: "trusted" });
    }

    /** Until nothing of a fault is left: Online, and so for as long as the engine needs to see otherwise. */
    async settled(): Promise<void> {
        for (let calm = 0; calm < 15; calm++) {
            if (!this.isCalm()) {
                await this.until("calm", () => this.isCalm());
                calm = 0;
            }
            await this.sandbox.clock.pass(1);
        }
    }

    private isCalm(): boolean {
        const { status, enabled, degraded, vpn } = (this.row ?? {}) as Partial<CalmRow>;
        if (status !== "Online" || enabled !== true || degraded?.is_degraded === true) return false;
        return vpn?.tunnel_status !== "disconnected";
    }

    async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
        // before mocha ends the test and tells less
        const end = Date.now() + 55_000;
        while (!(await condition())) {
            if (Date.now() > end) throw new Error(`never happened: ${what}; the record is ${JSON.stringify(this.row)}`);
            await sleep(20);
        }
    }

    settings(changed: Partial<SiteSettings> = {}): SiteSettings {
        const { apiUrl, apiSecret, caCert } = this.sandbox;
        return {
            name: "default",
            apiUrl,
            credentials: { kind: "secret", apiSecret, apiSecretKid: "isardvdi" },
            caCert,
            insecureSkipTlsVerify: false,
            apiGeneration: "auto",
            ...changed,
        };
    }

    /** What is looked at, and how its machines are reached. */
    places(hyperId = ID) {
        const { server, [HOST]: host } = this.sandbox.connections();
        assert.ok(server && host);
        return {
            subject: { hyperId, hostname: HOST, sshPort: 2022 },
            server: { remote: this.remotes.open(server) },
            host: { remote: this.remotes.open(host) },
        };
    }

    async diagnose(changed: Partial<SiteSettings> = {}, hyperId = ID): Promise<Diagnosis> {
        return diagnose(
            {
                ...this.places(hyperId),
                api: (signal) => openSite(this.settings(changed), { clock: systemClock, signal }),
            },
            { clock: systemClock, signal: AbortSignal.timeout(60_000), log: silentLog },
        );
    }
}

/** As an operator would by hand: the manual's rule, and the accept that Docker needs. */
export const forward = (flag: "A" | "D", to = "172.31.255.17:2022"): string =>
    [dnat(flag, to), accept(flag)].join(" && ");

export const dnat = (flag: "A" | "D", to = "172.31.255.17:2022"): string =>
    `iptables -t nat -${flag} PREROUTING -p tcp --dport 2022 -m addrtype --dst-type LOCAL -j DNAT --to-destination ${to}`;

export const accept = (flag: "A" | "D"): string =>
    `iptables -${flag === "A" ? "I" : "D"} DOCKER-USER -p tcp -d 172.31.255.17 -j ACCEPT`;
