import { portRange } from "../../provider/port-forward/ports";
import type { Deployment, RequiredForward } from "../required-forwards";
import type { SiteArgs } from "./args";
import type { Hosts } from "./hosts";
import { modesOf, planSite } from "./plan";

/** What is wrong with a site's arguments, all of it at once; values that are still unknown are for their resources to check. */
export function mistakesOf(args: SiteArgs, release: Deployment["release"] | undefined, hosts: Hosts): string[] {
    return [
        ...unknownNames(args, hosts),
        ...mixedModes(args),
        ...sameId(args),
        ...sameHostname(args, hosts),
        ...sameMachine(args, hosts),
        ...withoutServer(args),
        ...noNumber(args),
        ...(release ? collisions(args, release, hosts) : [noRelease(args)]),
    ];
}

function unknownNames({ server, hypervisors }: SiteArgs, hosts: Hosts): string[] {
    const all = [...(server ? [server] : []), ...Object.values(hypervisors)].map(({ connection }) => connection);
    const names = new Set(all.filter((each): each is string => typeof each === "string"));
    const missing = [...names].filter((name) => hosts.of(name) === undefined);
    return missing.map(
        (name) =>
            `there is no connection "${name}". Add it with "pulumi config set --path 'isardvdi:connections.${name}.host' HOST"`,
    );
}

function noNumber({ maxUnavailable }: SiteArgs): string[] {
    const isRight = maxUnavailable === undefined || (Number.isInteger(maxUnavailable) && maxUnavailable > 0);
    return isRight ? [] : [`maxUnavailable is ${maxUnavailable}. Give 1 or more, or leave it out`];
}

function noRelease({ site }: SiteArgs): string {
    const key = site === undefined ? "isardvdi:apiGeneration" : `isardvdi:sites.${site}.apiGeneration`;
    return `which ports are needed depends on IsardVDI's release. Set ${key} to v3 (releases up to 16) or v4 (17 and later), or give release`;
}

function mixedModes(args: SiteArgs): string[] {
    const asked = new Set([...(args.vpnTunnelingMode ? [args.vpnTunnelingMode] : []), ...modesOf(args)]);
    if (asked.size < 2) return [];
    const said = Object.entries(args.hypervisors).flatMap(([id, { vpnTunnelingMode: mode }]) =>
        mode ? [`${id} "${mode}"`] : [],
    );
    const own = args.vpnTunnelingMode ? [`vpnTunnelingMode of the site is "${args.vpnTunnelingMode}"`] : [];
    return [`a site has one tunnelling mode, and ${[...own, ...said].join(", ")}. Give it once, for the site`];
}

const sameId = ({ hypervisors }: SiteArgs): string[] =>
    shared(Object.keys(hypervisors), (id) => id.toLowerCase()).map(
        (ids) => `${ids.join(" and ")} are one hyperId. Ids are written in lower-case letters: give each its own`,
    );

const sameHostname = ({ hypervisors }: SiteArgs, hosts: Hosts): string[] =>
    shared(Object.keys(hypervisors), (id) => {
        const each = hypervisors[id];
        const name = each && (each.hostname ?? hosts.of(each.connection));
        return typeof name === "string" ? name.toLowerCase() : undefined;
    }).map(
        (ids) =>
            `${ids.join(" and ")} have one hostname, and the engine would reach one machine for them all. Give each the DOMAIN of its own host`,
    );

const sameMachine = ({ hypervisors }: SiteArgs, hosts: Hosts): string[] =>
    shared(Object.keys(hypervisors), (id) => hosts.machine(hypervisors[id]?.connection)).map(
        (ids) =>
            `${ids.join(" and ")} have one connection, and a host has one hypervisor. Give each the connection of its own host`,
    );

function withoutServer({ server, hypervisors, switchTunnelling }: SiteArgs): string[] {
    if (server) return [];
    const standalone = Object.keys(hypervisors).filter((id) => hypervisors[id]?.flavour === "hypervisor-standalone");
    return [
        ...(standalone.length > 0
            ? [
                  `${standalone.join(" and ")} of flavour hypervisor-standalone need the server's video proxy, and no server is given. Give server.connection; with videoProxy: false its list is left alone`,
              ]
            : []),
        ...(switchTunnelling
            ? ["switchTunnelling writes the server's isardvdi.cfg, and no server is given. Give server.connection"]
            : []),
    ];
}

/** Two forwards that want the same packets of one machine, which may be the server as well. */
function collisions(args: SiteArgs, release: Deployment["release"], { machine }: Hosts): string[] {
    const plan = planSite(args, release);
    const opened = [
        ...plan.server.map((forward) => ({ on: machine(args.server?.connection), of: "the server", forward })),
        ...Object.entries(plan.hosts).flatMap(([id, forwards]) =>
            forwards.map((forward) => ({ on: machine(args.hypervisors[id]?.connection), of: id, forward })),
        ),
    ];
    return opened.flatMap((one, index) =>
        opened
            .slice(index + 1)
            .filter((other) => one.on !== undefined && one.on === other.on && overlap(one.forward, other.forward))
            .map(
                (other) =>
                    `${told(one.forward)} of ${one.of} and ${told(other.forward)} of ${other.of} are on one machine. Only one of them can have a port: leave one out of forwards`,
            ),
    );
}

const told = ({ protocol, port, toAddress }: RequiredForward): string => `${protocol} ${port} to ${toAddress}`;

function overlap(one: RequiredForward, other: RequiredForward): boolean {
    const [a, b] = [portRange(one.port), portRange(other.port)];
    return one.protocol === other.protocol && !!a && !!b && a.from <= b.to && b.from <= a.to;
}

function shared(ids: string[], by: (id: string) => string | undefined): string[][] {
    const groups = new Map<string, string[]>();
    for (const id of ids) {
        const key = by(id);
        if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), id]);
    }
    return [...groups.values()].filter(({ length }) => length > 1);
}
