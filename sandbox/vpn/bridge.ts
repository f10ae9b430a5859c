import { failed, printed } from "../docker/docker";
import type { Outcome } from "../machine/command";

interface Port {
    type: "internal" | "geneve";
    options: Record<string, string>;
    error?: string;
}

/** Open vSwitch in a container, with the one bridge that IsardVDI has there, and its command ovs-vsctl. */
export class Bridge {
    private ports = new Map<string, Port>();
    private exists = false;

    /** Default: "up" for every tunnel. */
    constructor(
        private readonly name: string,
        private readonly bfd: (port: string) => "up" | "down" = () => "up",
    ) {
        this.make();
    }

    /** The bridge alone, as at the container's start. */
    make(): void {
        this.ports = new Map([[this.name, { type: "internal", options: {} }]]);
        this.exists = true;
    }

    addGeneve(name: string, remote: string): void {
        const options = { key: "flow", remote_ip: remote };
        // the kernel has one tunnel to a remote address
        const isTaken = [...this.ports.values()].some((port) => port.options.remote_ip === remote && !port.error);
        const error = `"could not add network device ${name} to ofproto (File exists)"`;
        this.ports.set(name, { type: "geneve", options, ...(isTaken && { error }) });
    }

    remove(name: string): void {
        this.ports.delete(name);
    }

    show(): string {
        const lines = ["9b1f3a52-6c0e-4d1c-8f57-3f0f3d6f8a11"];
        if (this.exists) lines.push(`    Bridge ${this.name}`, "        fail_mode: secure");
        for (const [name, { type, options, error }] of this.exists ? this.ports : []) {
            lines.push(`        Port ${quoted(name)}`, `            Interface ${quoted(name)}`);
            lines.push(`                type: ${type}`);
            const set = Object.entries(options).map(([key, value]) => `${key}=${quoted(value)}`);
            if (set.length > 0) lines.push(`                options: {${set.join(", ")}}`);
            if (error) lines.push(`                error: ${error}`);
        }
        return [...lines, '    ovs_version: "3.1.0"'].join("\n");
    }

    /** ovs-vsctl with these words. */
    vsctl(words: readonly string[]): Outcome {
        const [command = "", first = "", second = "", ...rest] = words.filter((word) => word !== "--if-exists");
        if (command === "show") return printed([this.show()]);
        if (command === "list-ports") return printed([...this.ports.keys()].filter((name) => name !== this.name));
        if (command === "list-br") return printed(this.exists ? [this.name] : []);
        if (command === "del-br") this.exists = false;
        else if (command === "add-br") this.make();
        else if (command === "del-port") return this.deletePort(second || first);
        else if (command === "add-port") this.addGeneve(second, remoteOf(rest) ?? "");
        else if (command === "get" && rest[0] === "bfd_status") return this.bfdStatus(second);
        else return failed(`ovs-vsctl: unknown command '${command}'; use --help for help`);
        return printed([]);
    }

    private deletePort(name: string): Outcome {
        if (!this.ports.has(name)) return failed(`ovs-vsctl: no port named ${name}`);
        this.remove(name);
        return printed([]);
    }

    private bfdStatus(name: string): Outcome {
        if (!this.ports.has(name)) return failed(`ovs-vsctl: no row "${name}" in table Interface`);
        const state = this.bfd(name);
        return printed([
            `{diagnostic="No Diagnostic", forwarding="${state === "up"}", remote_state=${state}, state=${state}}`,
        ]);
    }
}

const remoteOf = (words: readonly string[]): string | undefined =>
    words.flatMap((word) => /^options:remote_ip="?([^"]+)"?$/.exec(word)?.[1] ?? []).at(0);

const quoted = (text: string): string => (/^[a-z][\w.-]*$/i.test(text) ? text : `"${text}"`);
