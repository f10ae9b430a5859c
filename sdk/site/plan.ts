import { type RequiredForward, requiredForwards, type Deployment } from "../required-forwards";
import type { SiteArgs, SiteHypervisorArgs } from "./args";

/** What a site needs opened, on the server and on each host; a function of the arguments alone. */
export interface SitePlan {
    mode: Deployment["vpnTunnelingMode"];
    server: RequiredForward[];
    hosts: Record<string, RequiredForward[]>;
    /** Ids of the hypervisors whose desktops are shown through the server's video proxy. */
    standalone: string[];
}

/** Each hypervisor with what it leaves out filled in. */
export function planSite(args: SiteArgs, release: Deployment["release"]): SitePlan {
    const { server, hypervisors } = args;
    const mode = args.vpnTunnelingMode ?? modesOf(args)[0] ?? "wireguard+geneve";
    const deployment = ({ flavour = "hypervisor", storage = false }: SiteHypervisorArgs): Deployment => ({
        flavour,
        vpnTunnelingMode: mode,
        storage,
        release,
        ...(server?.wireguardPort !== undefined && { wireguardPort: server.wireguardPort }),
    });
    const hosts = Object.entries(hypervisors).map(([id, each]): [string, RequiredForward[]] => {
        if (each.forwards !== undefined) return [id, each.forwards || []];
        return [id, requiredForwards({ ...deployment(each), ...netOf(each) }).host];
    });
    const required = Object.values(hypervisors).flatMap(
        (each) =>
            requiredForwards({
                ...deployment(each),
                ...netOf(server),
                ...(server?.infrastructureHostIp && { infrastructureHostIp: server.infrastructureHostIp }),
            }).server,
    );
    return {
        mode,
        server: server ? (server.forwards ?? distinct(required)) || [] : [],
        hosts: Object.fromEntries(hosts),
        standalone: Object.keys(hypervisors).filter((id) => hypervisors[id]?.flavour === "hypervisor-standalone"),
    };
}

/** The tunnelling modes that the hypervisors ask for, each once. */
export const modesOf = ({ hypervisors }: SiteArgs): Deployment["vpnTunnelingMode"][] => [
    ...new Set(Object.values(hypervisors).flatMap(({ vpnTunnelingMode: mode }) => mode ?? [])),
];

const netOf = (of: { dockerNet?: string } | undefined): { dockerNet?: string } =>
    of?.dockerNet === undefined ? {} : { dockerNet: of.dockerNet };

/** Several hypervisors need one and the same forward on the server. */
function distinct(forwards: RequiredForward[]): RequiredForward[] {
    return [...new Map(forwards.map((each) => [`${each.protocol} ${each.port} ${each.toAddress}`, each])).values()];
}
