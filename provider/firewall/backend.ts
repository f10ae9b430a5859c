import { IsardvdiError } from "../errors";
import type { BackendName } from "./firewall";
import type { Seen, Tool } from "./seen";

/** The back end in use, and the iptables that carries the rules where it is that one. */
export interface Chosen {
    backend: BackendName;
    why: string;
    tool: Tool | undefined;
    docker: boolean;
}

/** What the host really uses; another one would be flushed, or never asked. */
export function chooseBackend(seen: Seen, wanted: "auto" | BackendName, host: string): Chosen {
    if (!seen.isRoot)
        throw failed(host, "forbidden", "the user is not root there", "Connect as root, or set sudo: true.");
    const tool = toolOf(seen);
    const docker = tool !== undefined && holdsDocker(tool);
    if (seen.firewalld) {
        if (wanted === "iptables")
            throw failed(
                host,
                "unsupported",
                "firewalld runs there and would flush rules that are not its own",
                'Set backend to "firewalld" or "auto", or stop firewalld.',
                "backend",
            );
        return { backend: "firewalld", why: `firewalld runs, with ${seen.firewalld.backend} behind it`, tool, docker };
    }
    if (wanted === "firewalld")
        throw failed(
            host,
            "unsupported",
            "firewalld does not run there",
            'Start firewalld, or set backend to "iptables" or "auto".',
            "backend",
        );
    if (!tool)
        throw failed(
            host,
            "unsupported",
            "neither iptables nor a running firewalld was found there",
            "Install the package iptables, as Docker needs it too.",
        );
    const name = tool.variant === "plain" ? "iptables" : `iptables-${tool.variant}`;
    const why = docker
        ? `Docker's chains live in ${name}, and firewalld does not run`
        : `${name} is what iptables is there, Docker has no chains, and firewalld does not run`;
    return { backend: "iptables", why, tool, docker };
}

/**
 * Why no forward could work there, whatever rules are put in: Docker's own nftables rules drop what another program sends
 * to a container, also where remains of its iptables chains make ours look well placed.
 */
export function obstacle(seen: Seen, host: string): IsardvdiError | undefined {
    if (!seen.native.some(({ family, name }) => family === "ip" && name === "docker-bridges")) return undefined;
    return failed(
        host,
        "unsupported",
        "Docker runs there with its nftables back end (table ip docker-bridges), which drops every packet that others forward to a container",
        'Take "firewall-backend": "nftables" out of /etc/docker/daemon.json and restart Docker: containers stop for that, except with "live-restore": true.',
        "backend",
    );
}

/** The one with Docker's chains; without Docker the one with our own, else what `iptables` is. */
function toolOf({ tools, usual }: Seen): Tool | undefined {
    const own = (tool: Tool): boolean => tool.saved.get("nat")?.chains.has("ISARDVDI-DNAT") ?? false;
    return tools.find(holdsDocker) ?? tools.find(own) ?? tools.find(({ variant }) => variant === usual) ?? tools[0];
}

const holdsDocker = ({ saved }: Tool): boolean => saved.get("filter")?.chains.has("DOCKER-USER") ?? false;

function failed(
    host: string,
    code: "unsupported" | "forbidden",
    seen: string,
    advice: string,
    property?: string,
): IsardvdiError {
    return new IsardvdiError({ code, action: "use the firewall of", resource: host, seen, advice, property });
}
