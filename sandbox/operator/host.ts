import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { Containers, type Service } from "../docker/containers";
import { docker, printed } from "../docker/docker";
import type { Outcome } from "../machine/command";
import type { Machine } from "../machine/machine";
import type { Asked, Command } from "../machine/shims";
import type { Site } from "../site";
import { wgShow } from "../vpn/wireguard";
import type { Host } from "../world/host";
import { curl } from "./curl";
import { commandOf, execute } from "./execute";

const HYPERVISOR = "isard-hypervisor";
/** Longer than anybody waits for virsh. */
const HANGS_MS = 14_000;

/** What the commands typed on a host answer. */
export function hostCommands(site: Site, host: Host, hypervisor: Machine): Command {
    const containers = new Containers({ [HYPERVISOR]: hypervisorOf(host) });
    const own = docker(containers, async (container, argv, input) => {
        if (container.name !== HYPERVISOR) throw new Error(`the sandbox has nothing in ${container.name}`);
        // what is done to the file is done to its sshd
        const keys = new KeysFile(hypervisor);
        keys.write(host.sshd.authorized);
        const outcome = await execute(hypervisor, container, argv, { input });
        const kept = keys.read();
        if (kept) host.sshd.authorized = kept;
        return outcome;
    });
    const inside = commandOf({
        "": { docker: own },
        [HYPERVISOR]: {
            wg: () => printed([wgShow("wg0", publicKeyOf(site, host), 51_820, [siteEnd(site, host)])]),
            "ovs-vsctl": ({ args }) => host.bridge.vsctl(args),
            virsh: ({ args }) => virsh(host, args),
            curl: ({ args }) => curl(host, site.portalState, args),
        },
    });
    return (asked: Asked) => {
        if (host.switches.storage === "runs") containers.add("isard-storage", { log: () => [] });
        else containers.remove("isard-storage");
        return inside(asked);
    };
}

function hypervisorOf(host: Host): Service {
    let registersItself = false;
    return {
        log: () => host.container.log,
        environment: () => {
            const { HYPER_ID, API_DOMAIN, DOMAIN, VPN_DOMAIN, HYPER_ENABLED } = host.container.settings;
            return { HYPER_ID, API_DOMAIN, DOMAIN, VPN_DOMAIN, HYPER_ENABLED };
        },
        isRunning: () => host.up,
        stop: async () => {
            registersItself = host.container.running;
            if (registersItself) return await host.container.stop();
            host.up = false;
            host.closeSsh();
        },
        start: () => {
            if (registersItself) return host.container.start();
            host.up = true;
            host.openSsh();
        },
    };
}

/** Each of the programs says it in its own words. */
async function virsh(host: Host, args: readonly string[]): Promise<Outcome> {
    if (host.switches.libvirt === "hangs") await setTimeout(HANGS_MS, undefined, { ref: false });
    const outcome = host.run("virsh");
    if (outcome.code !== 0 || args.includes("version")) return outcome;
    if (args.includes("list")) {
        const desktops = Array.from(
            { length: host.desktops + host.serverDesktops },
            (_each, index) => ` ${index + 1}    desktop-${index + 1}   running`,
        );
        return printed([" Id   Name        State", "---------------------------", ...desktops, ""]);
    }
    return printed([]);
}

function siteEnd(site: Site, host: Host): Parameters<typeof wgShow>[3][number] {
    const id = idOf(site, host);
    const { public: publicKey } = site.vpn.serverKeys;
    return {
        publicKey,
        allowedIps: "10.1.0.1/32",
        endpoint: `${host.container.settings.VPN_DOMAIN}:4443`,
        handshakeAge: id === undefined ? undefined : site.vpn.age(id),
    };
}

const publicKeyOf = (site: Site, host: Host): string => site.vpn.publicKey(idOf(site, host)) ?? "(none)";

/** The record that leads to this host. */
function idOf(site: Site, host: Host): string | undefined {
    const row = site.database.hypervisors.all().find(({ hostname }) => site.world.resolve(String(hostname)) === host);
    return typeof row?.id === "string" ? row.id : undefined;
}

/** root's authorized_keys in the container. */
class KeysFile {
    private readonly folder: string;

    constructor(machine: Machine) {
        this.folder = `${machine.root}/root/.ssh`;
    }

    write(lines: readonly string[]): void {
        mkdirSync(this.folder, { recursive: true, mode: 0o700 });
        const text = lines.map((line) => `${line.trim()}\n`).join("");
        writeFileSync(`${this.folder}/authorized_keys`, text, { mode: 0o600 });
    }

    read(): string[] | undefined {
        try {
            const lines = readFileSync(`${this.folder}/authorized_keys`, "utf8").split("\n");
            return lines.filter((line) => line.trim() !== "");
        } catch {
            return undefined;
        }
    }
}
