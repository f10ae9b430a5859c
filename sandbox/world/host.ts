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
    /** Running desktops, read live by the API. */
    desktops: number;
    /** Connections tried to its sshd. */
    readonly sshAttempts: number;
    readonly switches: HostSwitches;
}

export interface HostSwitches {
    ssh: "open" | "closed";
    engineKey: "trusted" | "revoked";
    libvirt: "up" | "down";
}

const LIBVIRT_DOWN =
    "error: failed to connect to the hypervisor\n" +
    "error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Connection refused\n";

const VERSION =
    "Compiled against library: libvirt 10.0.0\nUsing library: libvirt 10.0.0\n" +
    "Using API: QEMU 10.0.0\nRunning hypervisor: QEMU 8.2.2\n\n";

export class Host implements SandboxHost {
    desktops = 0;
    readonly sshd: Sshd;
    readonly switches: HostSwitches = { ssh: "open", engineKey: "trusted", libvirt: "up" };

    constructor(
        readonly name: string,
        readonly address: string,
        private readonly engineKey: string,
        listen: Listen,
    ) {
        this.sshd = new Sshd(name, (command) => this.run(command), listen);
        this.sshd.authorize(engineKey);
    }

    get sshAttempts(): number {
        return this.sshd.attempts;
    }

    closeSsh(): void {
        this.switches.ssh = "closed";
        this.sshd.close();
    }

    openSsh(): void {
        this.switches.ssh = "open";
        this.sshd.reopen();
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

    private run(command: string): { stdout: string; stderr: string; code: number } {
        const name = command.split(" ")[0] ?? "";
        if (name !== "virsh") return { stdout: "", stderr: `bash: line 1: ${name}: command not found\n`, code: 127 };
        if (this.switches.libvirt === "down") return { stdout: "", stderr: LIBVIRT_DOWN, code: 1 };
        return { stdout: VERSION, stderr: "", code: 0 };
    }
}
