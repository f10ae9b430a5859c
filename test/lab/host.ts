import type { ChildProcess } from "node:child_process";
import type { ConnectionArgs } from "../../provider/connection";
import type { Outcome, RunOptions } from "../../sandbox/machine/command";
import type { Behind, Machine } from "../../sandbox/machine/machine";
import type { Network } from "../../sandbox/machine/network";
import { OpenSsh, type SshAccess } from "../../sandbox/machine/openssh";
import { Docker, type DockerOptions } from "./docker";
import { type Firewall, firewallSetup, openToGuests, startFirewalld } from "./firewall";
import { type Janitor, MOUNT_CGROUPS } from "./janitor";
import { programsOf } from "./packages";
import { tcp, type TcpOptions, type Tried, udp } from "./packets";
import { Systemd } from "./systemd";

export interface HostOptions {
    /** A Docker engine with isard-network and its containers. Default: false. */
    docker?: boolean | DockerOptions;
    /** Default: "iptables-nft". */
    firewall?: Firewall;
    /** systemd is process 1 and starts everything. Default: false. */
    systemd?: boolean;
    /** The unit that loads /etc/iptables/rules.v4, on a host with systemd. Default: false. */
    netfilterPersistent?: boolean;
    /** On a private network behind that host, as a desktop is. */
    behind?: LabHost;
}

let guests = 0;

/** A real host of the lab. */
export class LabHost {
    private constructor(
        readonly machine: Machine,
        readonly firewall: Firewall,
        private readonly openSsh: OpenSsh,
        private readonly docker: Docker | undefined,
        private readonly early: { command: string },
    ) {}

    static async start(network: Network, name: string, options: HostOptions, janitor: Janitor): Promise<LabHost> {
        const { firewall = "iptables-nft", behind } = options;
        const openSsh = new OpenSsh();
        const systemd = options.systemd ? new Systemd(units(options)) : undefined;
        const engine = options.docker === true ? {} : options.docker || undefined;
        const docker = engine && new Docker(engine, systemd !== undefined);
        const firewalld = firewall.startsWith("firewalld");
        const place = behind ? placeBehind(behind) : undefined;
        const groups = docker ?? systemd;
        const early = { command: "" };
        const machine = await network.machine(name, {
            programs: programsOf(engine?.engine ?? "20.10"),
            setup: [
                "echo 0 >/proc/sys/net/ipv4/ip_forward",
                groups ? MOUNT_CGROUPS : "",
                firewallSetup(firewall),
                engine ? Docker.setup(engine) : Docker.removed,
                systemd?.setup() ?? "",
            ].join("\n"),
            before: janitor.before(name),
            ...(systemd ? { init: systemd.init, shutdown: systemd.shutdown } : {}),
            ...(place ? { behind: place } : {}),
            started: async (started) => {
                await openSsh.install(started);
                if (systemd) await systemd.started(started);
                else await Promise.all([openSsh.start(started), firewalld ? startFirewalld(started) : undefined]);
                if (early.command) await started.must(early.command);
                await docker?.start(started);
            },
        });
        if (place && behind) await openToGuests(place, behind.firewall);
        return new LabHost(machine, firewall, openSsh, docker, early);
    }

    get name(): string {
        return this.machine.name;
    }

    /** On the lab's network. */
    get address(): string {
        return this.machine.address;
    }

    get ssh(): SshAccess {
        return this.openSsh.access;
    }

    /** For provider code on this machine: the connections reach the host from the network, through its firewall. */
    async connection(): Promise<ConnectionArgs> {
        const { user, port, hostKey, privateKey } = this.ssh;
        return { host: "127.0.0.1", port: await this.machine.relay(port), user, hostKey, privateKey };
    }

    /** Runs a shell command as root. */
    async exec(command: string, options?: RunOptions): Promise<Outcome> {
        return await this.machine.exec(command, options);
    }

    /** The same; what it printed, or an error. */
    async must(command: string, options?: RunOptions): Promise<string> {
        return await this.machine.must(command, options);
    }

    /** Starts a command that goes on; it ends with the host. */
    spawn(command: string): ChildProcess {
        return this.machine.spawn(command);
    }

    /** A connection that the host opens, and what it hears. */
    async tcp(address: string, port: number, options?: TcpOptions): Promise<Tried> {
        return await tcp(this.machine, address, port, options);
    }

    /** A datagram that the host sends, and the reply. */
    async udp(address: string, port: number, text: string, timeoutMs?: number): Promise<string | undefined> {
        return await udp(this.machine, address, port, text, timeoutMs);
    }

    /**
     * The same disk, and everything else anew: only on a host with systemd does what was running start by itself, but for
     * the firewall, the engine and sshd. `early` is a command that runs before the engine, as an init script does.
     */
    async reboot({ early = "" } = {}): Promise<void> {
        this.early.command = early;
        await this.machine.reboot();
    }

    async restartDocker(): Promise<void> {
        await this.docker?.restart(this.machine);
    }
}

function units(options: HostOptions): string[] {
    return [
        "ssh.service",
        ...(options.docker ? ["docker.service", "docker.socket", "containerd.service"] : []),
        ...(options.firewall?.startsWith("firewalld") ? ["firewalld.service"] : []),
        ...(options.netfilterPersistent ? ["netfilter-persistent.service"] : []),
    ];
}

function placeBehind({ machine }: LabHost): Behind {
    const number = (guests += 1) % 250;
    const network = `192.168.${number}`;
    return { machine, bridge: `guests${number}`, gateway: `${network}.1`, address: `${network}.2`, routed: true };
}
