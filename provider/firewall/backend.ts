import { IsardvdiError } from "../errors";
import type { BackendName, Forward } from "./firewall";
import { isBesideDocker } from "./links";
import { type DockerBridges, dockerBridges, dockerTable } from "./mark";
import type { Seen, Tool } from "./seen";

/** The back end in use, and the iptables that carries the rules where it is that one. */
export interface Chosen {
    backend: BackendName;
    why: string;
    tool: Tool | undefined;
    /** Docker's chains are among the tool's. */
    docker: boolean;
    /** Docker's own tables of nftables, which drop what they do not know. */
    bridges: DockerBridges | undefined;
}

/** What the host really uses; another one would be flushed, dropped by Docker, or never asked. */
export function chooseBackend(seen: Seen, wanted: "auto" | BackendName, host: string): Chosen {
    if (!seen.isRoot)
        throw failed(host, "forbidden", "the user is not root there", "Connect as root, or set sudo: true.");
    const tool = toolOf(seen);
    const docker = tool !== undefined && holdsDocker(tool);
    const known = { tool, docker, bridges: dockerBridges(seen.native) };
    const backend = wanted === "auto" ? usual(seen, known) : wanted;
    const refusal = refusals[backend](seen, known);
    if (refusal) throw failed(host, "unsupported", ...refusal, wanted === "auto" ? undefined : "backend");
    return { ...known, backend, why: reasons[backend](seen, known) };
}

type Known = Omit<Chosen, "backend" | "why">;

function usual(seen: Seen, { tool, docker, bridges }: Known): BackendName {
    if (seen.firewalld) return "firewalld";
    if (!tool) return "nftables";
    // remains of an iptables that drops what it does not know have to be told as well
    const isDropped = tool.saved.get("filter")?.drops.has("FORWARD") ?? false;
    return bridges && !(docker && isDropped) ? "nftables" : "iptables";
}

/** What is seen and what to do about it, where a back end cannot carry a forward. */
const refusals: Record<BackendName, (seen: Seen, known: Known) => [seen: string, advice: string] | undefined> = {
    firewalld: ({ firewalld }) =>
        firewalld
            ? undefined
            : ["firewalld does not run there", 'Start firewalld, or set backend to "iptables" or "auto".'],
    iptables({ firewalld }, { tool }) {
        if (firewalld)
            return [
                "firewalld runs there and would flush rules that are not its own",
                'Set backend to "firewalld" or "auto", or stop firewalld.',
            ];
        return tool
            ? undefined
            : ["iptables was not found there", 'Install it, or set backend to "nftables" or "auto".'];
    },
    nftables({ firewalld, persist }, { tool, docker, bridges }) {
        if (firewalld)
            return [
                "firewalld runs there and rejects what it does not know",
                'Set backend to "firewalld" or "auto", or stop firewalld.',
            ];
        if (docker && !bridges)
            return [
                `Docker uses ${nameOf(tool)} there and drops what it does not know`,
                'Set backend to "iptables" or "auto".',
            ];
        return persist.has("nft")
            ? undefined
            : [
                  "neither nft, nor iptables, nor a running firewalld was found there",
                  "Install the package nftables, or iptables.",
              ];
    },
};

const reasons: Record<BackendName, (seen: Seen, known: Known) => string> = {
    firewalld: ({ firewalld }) => `firewalld runs, with ${firewalld?.backend} behind it`,
    iptables(_seen, { tool, docker, bridges }) {
        if (bridges)
            return `Docker uses nftables, chains of an earlier Docker drop packets in ${nameOf(tool)}, and firewalld does not run`;
        return docker
            ? `Docker's chains live in ${nameOf(tool)}, and firewalld does not run`
            : `${nameOf(tool)} is what iptables is there, Docker has no chains, and firewalld does not run`;
    },
    nftables: (_seen, { tool, bridges }) =>
        bridges
            ? "Docker uses nftables, and firewalld does not run"
            : `${tool ? "Docker has no chains" : "there is no iptables"}, and firewalld does not run`,
};

const nameOf = (tool: Tool | undefined): string =>
    tool === undefined || tool.variant === "plain" ? "iptables" : `iptables-${tool.variant}`;

/** Whether a forward needs a mark that Docker was not told of: its nftables rules drop what others send to its bridges. */
export const lacksMark = ({ bridges }: Pick<Chosen, "bridges">, { toAddress }: Forward, seen: Seen): boolean =>
    bridges !== undefined && bridges.mark === undefined && !isBesideDocker(toAddress, seen);

/** Why a forward could not work there, whatever rules are put in. */
export function obstacle(
    chosen: Pick<Chosen, "bridges">,
    forward: Forward,
    seen: Seen,
    host: string,
): IsardvdiError | undefined {
    if (!lacksMark(chosen, forward, seen)) return undefined;
    return failed(
        host,
        "unsupported",
        `Docker runs there with its nftables back end (table ip ${dockerTable}), which drops every packet that others ` +
            "forward to a container",
        'Add "bridge-accept-fwmark": "0x10000/0x10000" to /etc/docker/daemon.json and restart Docker: that stops every ' +
            'container, unless "live-restore": true is in force there already. Or take "firewall-backend": "nftables" out.',
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
