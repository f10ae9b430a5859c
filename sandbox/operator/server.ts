import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { compose, type Make } from "../docker/compose";
import { Containers, type Service } from "../docker/containers";
import { docker, type Execute, failed, printed } from "../docker/docker";
import type { Outcome } from "../machine/command";
import type { Machine } from "../machine/machine";
import type { Command } from "../machine/shims";
import type { Site } from "../site";
import { wgShow } from "../vpn/wireguard";
import { commandOf, execute } from "./execute";

const SILENT: Service = { log: () => [], stop: () => undefined, start: () => undefined };
const ENGINE = "isard-engine";
const VPN = "isard-vpn";
/** Where the home of the engine's container lies on the server's disk. */
const ENGINE_HOME = "/opt/container/isard-engine";

/** What the commands typed on the site's server answer. */
export function serverCommands(site: Site, machine: Machine): Command {
    const services = servicesOf(site);
    const containers = new Containers(services);
    const inside: Execute = async (container, argv, input) => {
        if (container.name === ENGINE) {
            writeKeys(site, `${machine.root}${ENGINE_HOME}/.ssh`);
            return await execute(machine, container, argv, { input, home: ENGINE_HOME });
        }
        if (container.name === VPN) return await execute(machine, container, argv, { input });
        throw new Error(`the sandbox has nothing in ${container.name}`);
    };
    const made: Make = (name, environment) => site.video.make(name, environment) ?? services[name] ?? SILENT;
    const own = docker(containers, inside, compose(containers, machine.root, made));
    return commandOf({
        "": { docker: own },
        [VPN]: {
            wg: ({ args }) => wg(site, args),
            "ovs-vsctl": ({ args }) => site.vpn.bridge.vsctl(args),
        },
    });
}

function servicesOf(site: Site): Record<string, Service> {
    const { engine, vpn, settings } = site;
    const api = settings.generation === "v4" ? "isard-apiv4" : "isard-api";
    return {
        [ENGINE]: {
            log: () => site.journal.lines,
            isRunning: () => engine.running,
            stop: () => engine.stop(),
            start: () => engine.start(),
        },
        [VPN]: {
            log: () => vpn.journal.lines,
            isRunning: () => vpn.running,
            stop: () => vpn.turn(false),
            start: () => vpn.turn(true),
            ports: () =>
                [443, ...(vpn.port === undefined ? [] : [vpn.port])].map((each) => `${each}/udp -> 0.0.0.0:${each}`),
        },
        [api]: { log: () => site.requests() },
        "isard-db": { log: () => [] },
        "isard-redis": { log: () => [] },
        "isard-portal": { log: () => [] },
    };
}

/** wg, and wg set hypers peer KEY remove. */
function wg(site: Site, args: readonly string[]): Outcome {
    const [command = "show", , , key, action] = args;
    if (command === "set" && key !== undefined && action === "remove") site.vpn.removePeer(key);
    else if (command !== "show") return failed(`Invalid subcommand: \`${command}'`);
    else return printed([wgShow("hypers", site.vpn.serverKeys.public, site.vpn.port ?? 4443, site.vpn.peers())]);
    return printed([]);
}

/** The engine's own key and the hosts' keys that registration has stored. */
function writeKeys({ ssh }: Site, folder: string): void {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${folder}/known_hosts`, ssh.knownHostsText());
    const own = `${folder}/id_rsa.pub`;
    if (ssh.hasKeyFile) writeFileSync(own, ssh.key.publicText);
    else rmSync(own, { force: true });
}
