import type * as pulumi from "@pulumi/pulumi";
import { Hypervisor } from "../hypervisor";
import { HypervisorHost } from "../hypervisor-host/hypervisor-host";
import { PortForward } from "../port-forward";
import type { RequiredForward } from "../required-forwards";
import { ServerConfig } from "../server-config";
import { VideoProxyConfig } from "../video-proxy-config";
import type { SiteArgs, SiteConnection, SiteHypervisorArgs, SiteServerArgs } from "./args";
import { hostArgs } from "./host";
import type { Hosts } from "./hosts";
import type { SitePlan } from "./plan";
import { tunnelling } from "./tunnelling";

/** What the parts of one site are made from. */
export interface Ground {
    parent: pulumi.Resource;
    name: string;
    args: SiteArgs;
    plan: SitePlan;
    hosts: Hosts;
    /** Name of the site's API, as `isardvdi:apiUrl` has it. */
    apiHost: string;
    /** From which the server reaches the hosts; undefined without a server. */
    serverAddresses: pulumi.Input<string[]> | undefined;
}

/**
 * Makes a site's parts, each before what needs it, and taken down the other way round; the hypervisors, by id. Without `maxUnavailable` no
 * hypervisor waits for another one's host, so that one that fails stops no other.
 */
export function makeParts(ground: Ground): Record<string, Hypervisor> {
    const { args, plan, serverAddresses } = ground;
    const mode = modeSetting(ground);
    const server = args.server
        ? openAll(ground, "server", args.server.connection, plan.server, args.server.sourceCidrs, mode)
        : [];
    const video = videoProxy(ground, mode);
    const { maxUnavailable = Infinity } = args;
    const made: [string, Hypervisor][] = [];
    for (const [index, [id, each]] of Object.entries(args.hypervisors).entries()) {
        // so many lanes, in each of which one follows the other
        const ahead = made[index - maxUnavailable]?.[1];
        const first = [...(each.dependsOn ?? []), ...(ahead ? [ahead] : [])];
        const own = { ...each, dependsOn: first };
        const before = [...first, ...builtHost(ground, id, own, [...mode, ...server])];
        const opened = openAll(ground, id, each.connection, plan.hosts[id] ?? [], serverAddresses, before);
        made.push([id, hypervisor(ground, id, each, [...mode, ...server, ...video, ...before, ...opened])]);
    }
    return Object.fromEntries(made);
}

function openAll(
    { parent, name, args: { site } }: Ground,
    on: string,
    connection: SiteConnection,
    forwards: RequiredForward[],
    sourceCidrs: pulumi.Input<pulumi.Input<string>[]> | undefined,
    dependsOn: pulumi.Resource[],
): PortForward[] {
    return forwards.map(
        ({ why: _why, ...rule }) =>
            new PortForward(
                `${name}-${on}-${rule.protocol}-${rule.port}`,
                { connection, ...rule, ...(sourceCidrs && { sourceCidrs }), ...(site !== undefined && { site }) },
                { parent, dependsOn },
            ),
    );
}

/** `GENEVE_ONLY_INFRA`, only where the switch is asked for. */
function modeSetting({ parent, name, args, plan }: Ground): ServerConfig[] {
    const { server, switchTunnelling } = args;
    if (!server || !switchTunnelling) return [];
    const settings = { connection: server.connection, ...pathOf(server), ...tunnelling(plan.mode) };
    return [new ServerConfig(`${name}-tunnelling`, settings, { parent })];
}

/** The list of the standalone hosts, and of no others. */
function videoProxy({ parent, name, args, plan, hosts }: Ground, dependsOn: pulumi.Resource[]): VideoProxyConfig[] {
    const { server, hypervisors } = args;
    if (!server || server.videoProxy === false || plan.standalone.length === 0) return [];
    const hypervisorHostnames = plan.standalone.flatMap((id) => {
        const each = hypervisors[id];
        return each ? [hostnameOf(hosts, each)] : [];
    });
    const list = { connection: server.connection, ...pathOf(server), ...server.videoProxy, hypervisorHostnames };
    return [new VideoProxyConfig(`${name}-video`, list, { parent, dependsOn })];
}

/** Its containers ask for the server's ports until these are open, so those come first. */
function builtHost(
    { parent, name, args, hosts, apiHost }: Ground,
    id: string,
    each: SiteHypervisorArgs,
    opened: pulumi.Resource[],
): HypervisorHost[] {
    const { host, dependsOn = [] } = each;
    if (!host) return [];
    const own = hostArgs(id, { ...each, host }, args, hostnameOf(hosts, each), apiHost);
    return [new HypervisorHost(`${name}-${id}-host`, own, { parent, dependsOn: [...dependsOn, ...opened] })];
}

function hypervisor(
    { parent, name, args: { site }, plan, hosts }: Ground,
    id: string,
    each: SiteHypervisorArgs,
    dependsOn: pulumi.Resource[],
): Hypervisor {
    const {
        connection,
        storage: _storage,
        dockerNet: _net,
        forwards: _forwards,
        dependsOn: _before,
        host,
        ...own
    } = each;
    return new Hypervisor(
        `${name}-${id}`,
        {
            registration: "self",
            ...(host?.vlans?.staticVlans && { vlans: host.vlans.staticVlans }),
            ...own,
            hyperId: id,
            hostname: hostnameOf(hosts, each),
            vpnTunnelingMode: plan.mode,
            diagnostics: { host: connection },
            ...(site !== undefined && { site }),
        },
        { parent, dependsOn },
    );
}

/** The name at which everyone reaches a hypervisor. */
export const hostnameOf = (hosts: Hosts, { hostname, connection }: SiteHypervisorArgs): pulumi.Input<string> =>
    hostname ?? hosts.of(connection) ?? "";

const pathOf = ({ configPath }: SiteServerArgs): { configPath?: string } =>
    configPath === undefined ? {} : { configPath };
