import type { Container, SandboxContainer } from "../container/container";
import { Bridge } from "../vpn/bridge";
import type { Listen } from "./ground";
import { Sshd } from "./sshd";

/** Where the sshd of a hypervisor listens, inside. */
export const HYPERVISOR_SSH = 2022;

/** One machine of the world and the switches that change it. */
export interface SandboxHost {
    readonly name: string;
    /** Known to the site's own name table alone. */
    readonly address: string;
    closeSsh(): void;
    openSsh(): void;
    /** Takes the engine's key out of the authorized keys. */
    revokeEngineKey(): void;
    trustEngineKey(): void;
    /** A reinstalled or recreated host: same address, another host key. */
    rotateHostKey(): void;
    stopLibvirt(): void;
    startLibvirt(): void;
    /** Running desktops that are no servers, read live by the API. */
    desktops: number;
    /** Running desktops that are servers: the orchestrator's view leaves them out. */
    serverDesktops: number;
    /** Connections tried to its sshd. */
    readonly sshAttempts: number;
    /** Registers itself once it is started. */
    readonly container: SandboxContainer;
    /** Changed by `turn`. */
    readonly switches: Readonly<HostSwitches>;
    turn(wanted: Partial<HostSwitches>): void;
}

export interface HostSwitches {
    /** What its sshd's port does; mute: it accepts and says nothing, foreign: something else holds it. */
    ssh: "open" | "closed" | "mute" | "foreign";
    engineKey: "trusted" | "revoked";
    libvirt: "up" | "down" | "hangs";
    /** The processor's virtualization; none: it has none, or the firmware turned it off. */
    kvm: "intel" | "amd" | "none";
    /** What the site's names say of it; loopback: the site finds itself under its name. */
    dns: "known" | "missing" | "loopback";
    /** The way of the tunnel's packets between it and the site. */
    tunnel: "open" | "closed";
    /** Its way to the site's API. */
    portal: "open" | "closed";
    /** Whether a container isard-storage runs there. */
    storage: "absent" | "runs";
    /** Seconds that its clock is ahead. */
    clock: number;
}

const LIBVIRT_DOWN =
    "error: failed to connect to the hypervisor\n" +
    "error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Connection refused\n";

const VERSION =
    "Compiled against library: libvirt 10.0.0\nUsing library: libvirt 10.0.0\n" +
    "Using API: QEMU 10.0.0\nRunning hypervisor: QEMU 8.2.2\n\n";

export class Host implements SandboxHost {
    desktops = 0;
    serverDesktops = 0;
    readonly sshd: Sshd;
    readonly container: Container;
    readonly switches: HostSwitches = {
        ssh: "open",
        engineKey: "trusted",
        libvirt: "up",
        kvm: "intel",
        dns: "known",
        tunnel: "open",
        portal: "open",
        storage: "absent",
        clock: 0,
    };
    /** Whether the container isard-hypervisor runs. */
    up = true;
    readonly bridge = new Bridge("ovsbr0");

    constructor(
        readonly name: string,
        readonly address: string,
        private readonly engineKey: string,
        listen: Listen,
        container: (host: Host) => Container,
        private readonly changed: (host: Host) => void,
    ) {
        this.sshd = new Sshd(name, (command) => this.run(command), listen);
        this.sshd.authorize(engineKey);
        this.container = container(this);
        this.bridge.addGeneve("isard-vpn", "10.1.0.1");
    }

    get sshAttempts(): number {
        return this.sshd.attempts;
    }

    turn(wanted: Partial<HostSwitches>): void {
        const { ssh, engineKey, ...others } = wanted;
        if (ssh === "closed") this.closeSsh();
        else if (ssh !== undefined) this.listenAs(ssh);
        if (engineKey === "trusted") this.trustEngineKey();
        if (engineKey === "revoked") this.revokeEngineKey();
        Object.assign(this.switches, others);
        this.changed(this);
    }

    closeSsh(): void {
        this.switches.ssh = "closed";
        this.sshd.close();
    }

    openSsh(): void {
        this.listenAs("open");
    }

    revokeEngineKey(): void {
        this.switches.engineKey = "revoked";
        this.sshd.revoke(this.engineKey);
    }

    trustEngineKey(): void {
        this.switches.engineKey = "trusted";
        this.sshd.authorize(this.engineKey);
    }

    rotateHostKey(): void {
        this.sshd.rotateHostKey();
    }

    stopLibvirt(): void {
        this.switches.libvirt = "down";
    }

    startLibvirt(): void {
        this.switches.libvirt = "up";
    }

    /** What virsh answers there; never, while libvirt hangs. */
    run(command: string): { stdout: string; stderr: string; code: number } {
        const name = command.split(" ")[0] ?? "";
        if (name !== "virsh") return { stdout: "", stderr: `bash: line 1: ${name}: command not found\n`, code: 127 };
        if (this.switches.libvirt !== "up") return { stdout: "", stderr: LIBVIRT_DOWN, code: 1 };
        return { stdout: VERSION, stderr: "", code: 0 };
    }

    private listenAs(manner: "open" | "mute" | "foreign"): void {
        this.switches.ssh = manner;
        this.sshd.behave(manner);
        this.sshd.reopen();
    }
}
