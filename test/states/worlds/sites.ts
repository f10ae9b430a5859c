import { type Sandbox, startSandbox } from "../../../sandbox";
import type { Row } from "../../../sandbox/row";
import { Hosts } from "../../e2e/harness/hosts";
import { packages } from "../../lab/packages";
import type { Held, MachineHeld } from "../held";
import { host, type Live, recorded } from "../volatile";
import { lookScript, putScript, seenOn } from "./machine";
import type { SitesSpec, World } from "./world";

/** Sandboxes: sites with their rows, and hosts of their own where they are machines. */
export class Sites implements World {
    private constructor(
        readonly sandboxes: Record<string, Sandbox>,
        private readonly operators: Record<string, Hosts>,
        private readonly machines: Record<string, [site: string, name: string]>,
    ) {}

    static async start({ generation, sites, machines, vpnMode }: SitesSpec): Promise<Sites> {
        const sandboxes: Record<string, Sandbox> = {};
        const operators: Record<string, Hosts> = {};
        const places: Record<string, [string, string]> = {};
        for (const [site, hosts] of Object.entries(sites)) {
            const own = machines ? { machines, packages: packages() } : {};
            const sandbox = await startSandbox({ generation, hosts, vpnMode, timeScale: 50, ...own });
            sandboxes[site] = sandbox;
            operators[site] = new Hosts(sandbox);
            for (const name of Object.keys(sandbox.connections()).sort()) places[named(site, name)] = [site, name];
        }
        return new Sites(sandboxes, operators, places);
    }

    get config(): Record<string, string> {
        const { "": own, ...others } = this.sandboxes;
        const connections = Object.fromEntries(
            Object.entries(this.machines).map(([each, [site, name]]) => [
                each,
                this.sandboxes[site]?.connections()[name],
            ]),
        );
        const sites = Object.fromEntries(
            Object.entries(others).map(([name, { apiUrl, apiSecret, generation }]) => [
                name,
                { apiUrl, apiSecret, apiGeneration: generation },
            ]),
        );
        return {
            ...(own && { "isardvdi:apiUrl": own.apiUrl, "isardvdi:apiSecret": own.apiSecret }),
            ...(Object.keys(others).length > 0 && { "isardvdi:sites": JSON.stringify(sites) }),
            ...(Object.keys(connections).length > 0 && { "isardvdi:connections": JSON.stringify(connections) }),
        };
    }

    get live(): Live {
        const live: Record<string, string> = {};
        for (const [site, sandbox] of Object.entries(this.sandboxes))
            live[`@port ${named(site, "api")}@`] = `${host}${new URL(sandbox.apiUrl).port}`;
        for (const [each, [site, name]] of Object.entries(this.machines)) {
            const { port, hostKey, privateKey, proxy } = this.sandboxes[site]?.connections()[name] ?? {};
            if (!proxy) live[`@port ${each}@`] = `${host}${port}`;
            live[`@host key of ${each}@`] = String(hostKey);
            live[`@private key of ${each}@`] = String(privateKey);
        }
        return live;
    }

    async snapshot(): Promise<Held> {
        const sites: Held["sites"] = {};
        for (const [site, sandbox] of Object.entries(this.sandboxes)) {
            const byId = (rows: Row[]): Row[] => rows.sort((a, b) => (String(a["id"]) < String(b["id"]) ? -1 : 1));
            sites[site] = { hypervisors: byId(sandbox.hypervisors.all()), interfaces: byId(sandbox.interfaces()) };
        }
        const machines: Record<string, MachineHeld> = {};
        for (const each of Object.keys(this.machines)) machines[each] = seenOn(await this.run(each, lookScript));
        return recorded({ sites, machines }, this.live) as Held;
    }

    async restore({ sites, machines }: Held): Promise<void> {
        for (const [site, { hypervisors, interfaces }] of Object.entries(sites)) {
            const sandbox = this.sandboxes[site];
            for (const { id } of sandbox?.hypervisors.all() ?? []) sandbox?.hypervisors.delete(String(id));
            for (const row of hypervisors) sandbox?.hypervisors.set(String(row["id"]), row);
            sandbox?.setInterfaces(interfaces);
        }
        for (const [each, held] of Object.entries(machines)) await this.run(each, putScript(held, "sandbox"));
    }

    still(isStill: boolean): void {
        for (const { engine, vpn } of Object.values(this.sandboxes))
            for (const service of [engine, vpn]) isStill ? service.stop() : service.start();
    }

    async run(machine: string, script: string): Promise<string> {
        const [site, name] = this.machines[machine] ?? [];
        const operator = site === undefined ? undefined : this.operators[site];
        if (name === undefined || !operator) throw new Error(`there is no machine ${machine}`);
        return await operator.on(name, script);
    }

    async stop(): Promise<void> {
        for (const operator of Object.values(this.operators)) await operator.close();
        for (const sandbox of Object.values(this.sandboxes)) await sandbox.stop();
    }
}

const named = (site: string, name: string): string => (site === "" ? name : `${site}-${name}`);
