import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Remote } from "../../provider/remote/remote";
import { DirectRemote } from "../firewall/harness";
import type { LabHost } from "../lab/host";
import { Lab } from "../lab/lab";
import { nameServer } from "./dns";
import { makeImages } from "./images";

const folder = "/opt/isard/src";
const buildScript = join(__dirname, "..", "..", "sandbox", "checkout", "build.sh");

/** A host of the lab with the stand-in's checkout, whose containers are run by a real Docker engine. */
export class Server {
    readonly configPath = `${folder}/isardvdi.cfg`;

    private constructor(
        private readonly lab: Lab,
        readonly host: LabHost,
    ) {}

    static async start(): Promise<Server> {
        const lab = await Lab.start();
        try {
            const host = await lab.host("server", { docker: { engineOnly: true } });
            const server = new Server(lab, host);
            await server.resolves("h1.example.org", "h2.example.org", "h3.example.org");
            await host.must(`cat >/dns.py; echo nameserver ${host.address} >/etc/resolv.conf`, { input: nameServer });
            host.spawn(`exec python3 -u /dns.py ${host.address}`);
            await host.must("until getent ahostsv4 h1.example.org >/dev/null; do sleep 0.1; done");
            await host.must(makeImages);
            await host.must(`mkdir -p ${folder}`);
            return server;
        } catch (error) {
            await lab.stop();
            throw error;
        }
    }

    /** A file of this content, built, and every container as it says, as by an administrator. */
    async begin(cfg: string): Promise<void> {
        await this.host.must(`rm -rf ${folder}; mkdir -p ${folder}`);
        await this.host.must(`cat >${folder}/build.sh; chmod +x ${folder}/build.sh`, {
            input: readFileSync(buildScript, "utf8"),
        });
        await this.write(cfg);
        await this.sh("./build.sh && docker-compose -f docker-compose.yml up -d --remove-orphans", 300_000);
    }

    async resolves(...names: string[]): Promise<void> {
        await this.host.must("cat >/dns", { input: `${names.join("\n")}\n` });
    }

    async write(cfg: string): Promise<void> {
        await this.host.must(`cat >${this.configPath}`, { input: cfg });
    }

    async cfg(): Promise<string> {
        return await this.host.must(`cat ${this.configPath}`);
    }

    /** In the checkout. */
    async sh(script: string, timeoutMs = 120_000): Promise<string> {
        return await this.host.must(`cd ${folder} && { ${script}\n}`, { timeoutMs });
    }

    /** Docker's own ids, by the name of the container. */
    async containers(): Promise<Record<string, string>> {
        const lines = await this.host.must("docker ps -a --no-trunc --format '{{.Names}} {{.ID}}'");
        return Object.fromEntries(
            lines
                .split("\n")
                .filter(Boolean)
                .map((line) => line.split(" ") as [string, string]),
        );
    }

    /** Containers that are others than before. */
    async recreated(before: Record<string, string>): Promise<string[]> {
        const now = await this.containers();
        return Object.keys({ ...before, ...now })
            .filter((name) => now[name] !== before[name])
            .sort();
    }

    /** The names that the running squid has resolved; undefined where it has ended. */
    async squid(): Promise<string | undefined> {
        const ready = "until docker exec isard-squid cat /allowed 2>/dev/null; do";
        const running = "[ $(docker inspect -f '{{.State.Running}}' isard-squid) = true ] || exit 9; sleep 0.2; done";
        const { code, stdout } = await this.host.exec(`${ready} ${running}`, { timeoutMs: 120_000 });
        return code === 0 ? stdout.trim() : undefined;
    }

    /** Whether websockify lets a viewer through. */
    async allows(name: string, port: number): Promise<boolean> {
        return (await this.host.exec(`docker exec isard-websockify /allows ${name} ${port}`)).code === 0;
    }

    /** What a process in the container sees. */
    async environment(container: string, key: string): Promise<string | undefined> {
        const { stdout } = await this.host.exec(`docker exec ${container} sh -c 'echo "\${${key}-unset}"'`);
        return stdout.trim() === "unset" ? undefined : stdout.trim();
    }

    /** The server as the provider reaches it. */
    remote(): Remote {
        return new DirectRemote(this.host);
    }

    async stop(): Promise<void> {
        await this.lab.stop();
    }
}
