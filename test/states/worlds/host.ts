import type { ConnectionArgs } from "../../../provider/connection";
import { BareMachine } from "../../hypervisor-host/machine";
import type { Held } from "../held";
import { host as loopback, type Live, recorded } from "../volatile";
import { lookScript, putScript, seenOn } from "./machine";
import type { World } from "./world";

const name = "h1";
const path = "/opt/isard/src";

/** A machine that HypervisorHost makes a host, or has made one; its containers are a real Docker engine's. */
export class Host implements World {
    readonly sandboxes = {};
    private containers: Record<string, string> = {};

    private constructor(
        private readonly bare: BareMachine,
        private readonly connection: ConnectionArgs,
    ) {}

    static async start(): Promise<Host> {
        const bare = await BareMachine.start();
        await bare.mountStorage();
        const { host } = bare.server;
        await host.must(`echo ${Buffer.from("recorded host   ").toString("hex")} >/etc/machine-id; rm -rf ${path}`);
        return new Host(bare, await host.connection());
    }

    get config(): Record<string, string> {
        return { "isardvdi:connections": JSON.stringify({ [name]: this.connection }) };
    }

    get live(): Live {
        const { port, hostKey, privateKey } = this.connection;
        return {
            [`@port ${name}@`]: `${loopback}${port}`,
            [`@host key of ${name}@`]: String(hostKey),
            [`@private key of ${name}@`]: String(privateKey),
            ...Object.fromEntries(Object.entries(this.containers).map(([each, id]) => [`@container ${each}@`, id])),
        };
    }

    async snapshot(): Promise<Held> {
        this.containers = await this.bare.server.containers();
        // Docker's own rules have the ids of its networks in them, and none is ours
        const held = { ...seenOn(await this.run(name, lookScript)), rules: {} };
        return recorded({ sites: {}, machines: { [name]: held } }, this.live) as Held;
    }

    async restore({ machines }: Held): Promise<void> {
        const held = machines[name];
        if (!held) throw new Error(`nothing of ${name} is recorded`);
        await this.run(name, `docker ps -aq | xargs -r docker rm -f >/dev/null; rm -rf ${path}; mkdir -p ${path}`);
        // the sandbox has changed its own since
        const build = held.files[`${path}/build.sh`];
        if (build && "lines" in build) await this.bare.publish(build.lines.join("\n"));
        if (held.commit !== undefined)
            await this.run(
                name,
                `set -e; cd ${path}; git init -q; git config remote.origin.url /srv/isardvdi.git
                git -c safe.directory='*' fetch -q --depth 1 origin v1.0.0; git checkout -q -f --detach FETCH_HEAD
                [ "$(git rev-parse HEAD)" = ${held.commit} ]`,
            );
        await this.run(name, putScript(held));
        this.containers = await this.bare.server.containers();
    }

    still(): void {
        // nothing but the host
    }

    async run(_machine: string, script: string): Promise<string> {
        return await this.bare.server.host.must("exec sh -s", { input: script, timeoutMs: 120_000 });
    }

    async stop(): Promise<void> {
        await this.bare.stop();
    }
}
