import { PassThrough } from "node:stream";
import type { Configuration } from "../../../provider/configuration";
import type { ConnectionArgs } from "../../../provider/connection";
import { IsardvdiError } from "../../../provider/errors";
import type {
    Change,
    Firewall,
    ForeignRule,
    Forward,
    HostFirewall,
    Installed,
} from "../../../provider/firewall/firewall";
import { desiredRules } from "../../../provider/firewall/desired";
import { lifecycleWith } from "../../../provider/port-forward/lifecycle";
import type { Parts } from "../../../provider/port-forward/parts";
import type { Remote, Remotes } from "../../../provider/remote/remote";
import type { Context, Lifecycle } from "../../../provider/resource";
import { openSites } from "../../../provider/sites";
import { testWorld } from "../../world/world";

/** A machine that lives in memory: its rules, what listens behind it, and how often it was asked. */
export class FakeHost {
    machineId: string;
    backend: "iptables" | "firewalld" = "iptables";
    forwards = new Map<string, Installed>();
    foreign: ForeignRule[] = [];
    reachable = true;
    /** "172.31.255.17:2022" → what the service says first; undefined when it says nothing. */
    services = new Map<string, string | undefined>();
    /** Flows to the target, as conntrack lists them; undefined: the host has no conntrack. */
    counter: number | undefined = 0;
    applied: Change[][] = [];
    inspected = 0;
    /** Runs within each transaction. */
    during: () => void | Promise<void> = () => undefined;

    constructor(readonly name: string) {
        this.machineId = `machine-of-${name}`;
    }

    remote: Remote = {
        name: "",
        run: (script) =>
            Promise.resolve({
                code: 0,
                stdout:
                    this.filed(script) ??
                    (this.counter === undefined
                        ? "untold\n"
                        : Array.from({ length: this.counter }, (_, each) => flow(each)).join("")),
                stderr: "",
            }),
        runAnew: () => Promise.reject(new Error("not asked here")),
        connect: (host, port) => {
            const key = `${host}:${port}`;
            if (!this.services.has(key)) return Promise.reject(new Error("Connection refused"));
            const stream = new PassThrough();
            stream.end(this.services.get(key));
            return Promise.resolve(stream);
        },
    };

    /** Files of /tmp, as far as they tell machines apart. */
    files = new Set<string>();
    private filed(script: string): string | undefined {
        const [, asked] = /-e (\/tmp\/\S+) /.exec(script) ?? [];
        if (asked !== undefined) return this.files.has(asked) ? "one\n" : "other\n";
        const [, made] = />(\/tmp\/\S+)$/.exec(script) ?? [];
        if (made !== undefined) this.files.add(made);
        return made;
    }

    look(): HostFirewall {
        if (!this.reachable) throw unreachable(this.name);
        const { machineId, backend, foreign } = this;
        return {
            machineId,
            backend,
            why: "no firewalld runs",
            forwards: new Map(this.forwards),
            foreign,
            obstacle: () => undefined,
            judged: ({ from }) =>
                foreign
                    .filter(({ twin }) => twin?.from === from)
                    .map(({ line }) => ({ line, verdict: { kind: "equal" } as const })),
        };
    }
}

/** A rule of somebody else's that a forward is equal to. */
export const stranger = (line: string, port: number, toAddress: string): ForeignRule => ({
    line,
    toAddress,
    twin: { protocol: "tcp", from: port, to: port, toAddress, toPort: undefined },
});

/** Of tcp and udp alike, for what asks reads the one that it asks for. */
const flow = (each: number): string =>
    [4443, 5900]
        .map(
            (port) =>
                `${port === 4443 ? "udp" : "tcp"} 17 29 src=192.0.2.1 dst=192.0.2.2 sport=${each} dport=${port} [UNREPLIED] src=172.31.255.17 dst=192.0.2.1 sport=1 dport=${each}\n`,
        )
        .join("");

export const unreachable = (name: string): IsardvdiError =>
    new IsardvdiError({
        code: "ssh-unreachable",
        action: "reach",
        resource: name,
        seen: "no route to host",
        advice: "Start the host.",
    });

const installed = (
    { owner, forward, backend }: Change & { forward: Forward },
    used: FakeHost["backend"],
): Installed => {
    const chosen = backend === "auto" ? used : backend;
    return { owner, forward, backend: chosen, rules: desiredRules(forward, chosen, owner), missing: [] };
};

/** A few hosts, reached by name, and the lifecycle over them. */
export function fakes(...names: string[]) {
    const hosts = new Map(names.map((name) => [name, new FakeHost(name)]));
    const byRemote = new Map<Remote, FakeHost>();
    const host = (name: string): FakeHost => {
        const found = hosts.get(name);
        if (!found) throw new Error(`no host ${name}`);
        return found;
    };
    const remotes: Remotes = {
        open: ({ host: name }: ConnectionArgs) => {
            const found = host(name);
            Object.assign(found.remote, { name: `root@${name}:22` });
            byRemote.set(found.remote, found);
            return found.remote;
        },
        close: () => Promise.resolve(),
    };
    const of = (remote: Remote): FakeHost => {
        const found = byRemote.get(remote);
        if (!found) throw new Error("a remote of another test");
        return found;
    };
    const firewall: Firewall = {
        async inspect(remote) {
            const found = of(remote);
            found.inspected += 1;
            await Promise.resolve();
            return found.look();
        },
        async apply(remote, changes) {
            const found = of(remote);
            found.applied.push([...changes]);
            await found.during();
            found.look();
            const refused = new Map<string, IsardvdiError>();
            for (const change of changes) {
                const { owner, forward } = change;
                const rule = found.foreign.find(({ twin }) => twin !== undefined && twin.from === forward?.from);
                if (rule && !change.adopt) refused.set(owner.tag, conflict(rule));
                else if (forward) found.forwards.set(owner.tag, installed({ ...change, forward }, found.backend));
                else found.forwards.delete(owner.tag);
            }
            return { host: found.look(), refused, tags: new Map() };
        },
    };
    /** Packets from where Pulumi runs: "h1:2022" → what answers. */
    const outside = new Map<string, string | undefined>();
    const parts: Parts = {
        firewall,
        rulesOf: (owner, forward, backend) => desiredRules(forward, backend, owner),
        network: {
            connect: (name, port) => {
                const key = `${name}:${port}`;
                if (!outside.has(key))
                    return Promise.reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
                const stream = new PassThrough();
                stream.end(outside.get(key));
                return Promise.resolve(stream);
            },
            ask: (name, port) => {
                const answer = outside.get(`${name}:${port}`);
                return Promise.resolve(answer === undefined ? undefined : Buffer.from(answer));
            },
        },
    };
    const world = testWorld();
    const configuration: Configuration = {
        connectionNames: [...hosts.keys()],
        site: () => {
            throw new Error("no site is needed");
        },
        connection: (name) => {
            if (hosts.has(name)) return { host: name };
            throw new IsardvdiError({
                code: "bad-configuration",
                action: "find",
                resource: `the connection "${name}"`,
                seen: "isardvdi:connections is not set",
                advice: "Correct the name.",
            });
        },
        server: () => undefined,
        ssh: { knownHosts: [], privateKeys: [] },
    };
    const context: Context = {
        world,
        configuration,
        remotes,
        sites: openSites(configuration, () => Promise.reject(new Error("no site is needed"))),
    };
    const lifecycle: Lifecycle = lifecycleWith(parts);
    return { host, world, context, outside, parts, lifecycle };
}

const conflict = ({ line }: ForeignRule): IsardvdiError =>
    new IsardvdiError({
        code: "conflict",
        action: "forward tcp port 2022 on",
        resource: "h1",
        seen: `an equal rule, which is not ours, is there already: ${line}`,
        advice: "Set adopt: true to take it over, or remove it.",
    });

export const urn = (name: string): string =>
    `urn:pulumi:dev::test::pulumi-nodejs:dynamic/isardvdi:PortForward::${name}`;

/** The inputs of a forward of SSH, as check has let them through. */
export const ssh = (name: string, more: object = {}): Record<string, unknown> => ({
    connection: "h1",
    protocol: "tcp",
    port: 2022,
    toAddress: "172.31.255.17",
    __urn: urn(name),
    ...more,
});
