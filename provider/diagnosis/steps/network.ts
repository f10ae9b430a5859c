import type { Facts } from "../facts";
import { errorsOf, hiddenBy, portsOf } from "../probe/ovs";
import { ageText, type Peer } from "../probe/wireguard";
import { absent, host, isLocal, server, type Step, without } from "./step";

/** Seconds after which isard-vpn itself takes a tunnel for lost. */
const freshHandshake = 180;

const isGeneve = ({ api }: Facts): boolean => api.record?.vpn.mode === "geneve";
const addressOf = ({ api }: Facts): string | undefined => api.record?.vpn.address?.split("/")[0];

/** The hypervisor's peer on the server: none, or not looked at. */
function peerOf(facts: Facts): { peer: Peer | undefined } | undefined {
    const [peers, address] = [server(facts)?.peers, addressOf(facts)];
    if (!peers || address === undefined || isGeneve(facts)) return undefined;
    return { peer: peers.find(({ allowedIps }) => allowedIps.some((each) => each.split("/")[0] === address)) };
}

/** Published UDP ports of isard-vpn beside the users' own. */
const hypersPorts = (facts: Facts): string[] | undefined => {
    const printed = server(facts)?.vpnPorts;
    if (printed === undefined) return undefined;
    return [...printed.matchAll(/^\d+\/udp -> \S*:(\d+)$/gm)].flatMap(([, port]) =>
        port && port !== "443" ? [port] : [],
    );
};

export const vpn: Step = {
    id: "vpn",
    title: "The tunnel between hypervisor and server stands",
    about: "Desktops' networks run through it: WireGuard with Geneve inside, or Geneve alone.",
    unseen(facts) {
        if (!facts.api.record) return "there is no record";
        if (facts.api.record.vpn.tunnelStatus === "connected") return undefined;
        // which the engine does not wait for
        if (!isGeneve(facts) && addressOf(facts) === undefined) return "the record has no VPN address yet";
        const { peers, bfd } = server(facts) ?? {};
        return without("server", facts, isGeneve(facts) ? bfd : peers, "how its tunnels are");
    },
    evidence: [
        ["server", "docker exec isard-vpn wg show"],
        ["server", "docker logs isard-vpn"],
    ],
    causes: [
        {
            id: "other-mode",
            sign: "The record's tunnelling mode is another one than the program's vpnTunnelingMode.",
            seen({ api: { record }, subject: { vpnTunnelingMode: asked } }) {
                const mode = record?.vpn.mode;
                if (!mode || !asked || mode === asked) return undefined;
                return `vpnTunnelingMode is "${asked}", but the site tunnels with "${mode}"`;
            },
            advice: "The mode is the server's: set vpnTunnelingMode to it, or set GENEVE_ONLY_INFRA in the server's isardvdi.cfg, which cuts every tunnel while it is switched.",
            isFinal: true,
            ends: "mode-mismatch",
        },
        {
            id: "container-down",
            sign: "The container isard-vpn is missing or does not run.",
            seen: (facts) => absent(server(facts)?.containers, "isard-vpn"),
            advice: "Start it on the server: docker compose up -d isard-vpn. That cuts no tunnel which stands.",
        },
        {
            id: "port-unpublished",
            sign: "docker port isard-vpn shows no UDP port for hypervisors.",
            seen: (facts) =>
                !isLocal(facts) && hypersPorts(facts)?.length === 0
                    ? "isard-vpn publishes no UDP port for hypervisors"
                    : undefined,
            advice: "Set WG_HYPERS_PORT in the server's isardvdi.cfg, ./build.sh, and recreate isard-vpn, which cuts every tunnel meanwhile.",
        },
        {
            id: "peer-missing",
            sign: "wg show on the server lists no peer with the record's address.",
            seen(facts) {
                const found = peerOf(facts);
                return found && !found.peer ? `the server has no WireGuard peer ${addressOf(facts)}` : undefined;
            },
            advice: "Restart isard-hypervisor, which registers it anew; isard-vpn makes the peer on that event.",
        },
        {
            id: "port-not-4443",
            sign: "Release 17 tells hypervisors port 4443, another one is published, and no handshake has come.",
            seen(facts) {
                const ports = hypersPorts(facts) ?? [];
                const peer = peerOf(facts)?.peer;
                if (facts.api.generation !== "v4" || !peer || peer.handshakeAge !== undefined) return undefined;
                return ports.length > 0 && !ports.includes("4443")
                    ? `isard-vpn publishes ${ports.join(", ")}/udp, hypervisors dial 4443`
                    : undefined;
            },
            advice: "Set WG_HYPERS_PORT back to 4443: release 17 tells hypervisors no other port.",
            isFinal: true,
        },
        {
            id: "no-handshake",
            sign: "The peer is there, and there has never been a handshake.",
            seen(facts) {
                const peer = peerOf(facts)?.peer;
                return peer && peer.handshakeAge === undefined
                    ? `no handshake with ${addressOf(facts)} yet`
                    : undefined;
            },
            advice: "Open the WireGuard port (4443/udp) from the host to the server, and check VPN_DOMAIN in the host's isardvdi.cfg.",
        },
        {
            id: "stale-handshake",
            sign: "The last handshake with the peer is older than 180 s.",
            seen(facts) {
                const age = peerOf(facts)?.peer?.handshakeAge ?? 0;
                return age > freshHandshake
                    ? `the last handshake with ${addressOf(facts)} was ${ageText(age)} ago`
                    : undefined;
            },
            advice: "Check that the host is up and lets 4443/udp out; isard-hypervisor brings its tunnel up again within a minute.",
        },
        {
            id: "bfd-down",
            sign: "In geneve mode, BFD on the server's port for the hypervisor is not up.",
            seen(facts) {
                const state = /\bstate="?(\w+)/.exec(server(facts)?.bfd ?? "")?.[1];
                return isGeneve(facts) && state && state !== "up" ? `BFD to the hypervisor is ${state}` : undefined;
            },
            advice: "Forward WG_HYPERS_PORT/udp (4443) on the host to the container (172.31.255.17), and open it both ways.",
        },
        {
            id: "disconnected",
            sign: "The record says that the tunnel is disconnected, and nothing more could be seen.",
            seen: ({ api }) =>
                api.record?.vpn.tunnelStatus === "disconnected"
                    ? "the record says that the tunnel is disconnected"
                    : undefined,
            advice: "Look at docker logs isard-vpn and docker exec isard-vpn wg show on the server.",
        },
    ],
};

export const ovs: Step = {
    id: "ovs",
    title: "Open vSwitch has its ports on both ends",
    about: "isard-vpn makes a Geneve port by the hypervisor's id, the hypervisor one towards the server.",
    unseen(facts) {
        if (!facts.api.record) return "there is no record";
        return without("server", facts, server(facts)?.ovs, "its ports");
    },
    evidence: [
        ["server", "docker exec isard-vpn ovs-vsctl show"],
        ["host", "docker exec isard-hypervisor ovs-vsctl show"],
    ],
    causes: [
        {
            id: "hidden-id",
            sign: "The server has no port for the id, which stands inside another port's name or word of ovs-vsctl show.",
            seen(facts) {
                const by =
                    portless(facts) && hiddenBy(facts.subject.hyperId, server(facts)?.ovs ?? "", facts.api.others);
                return by ? `the id stands inside "${by}", so isard-vpn takes its port for made` : undefined;
            },
            advice: "Choose an id that is part of no other one and of no word: same length for all, as in hyper-01, hyper-02.",
            isFinal: true,
        },
        {
            id: "port-missing",
            sign: "ovs-vsctl show on the server lists no port with the hypervisor's id.",
            seen: (facts) => (portless(facts) ? `isard-vpn has no port ${facts.subject.hyperId}` : undefined),
            advice: "Restart isard-hypervisor, which registers it anew; where it stays away look at docker logs isard-vpn.",
        },
        {
            id: "port-error",
            sign: "ovs-vsctl show prints an error for a port, on the server's end or the host's.",
            seen: (facts) => [server(facts)?.ovs, host(facts)?.ovs].flatMap((text) => errorsOf(text ?? "")).at(0),
            advice: "Two ports with one remote address exclude each other: delete the older one (ovs-vsctl del-port), then restart isard-hypervisor.",
        },
        {
            id: "bridge-missing",
            sign: "ovs-vsctl show on the host lists no bridge ovsbr0, or nothing beside it.",
            seen(facts) {
                const text = host(facts)?.ovs;
                if (text === undefined) return undefined;
                if (!/Bridge "?ovsbr0/.test(text)) return "the hypervisor has no bridge ovsbr0";
                return portsOf(text).some((name) => name !== "ovsbr0")
                    ? undefined
                    : "the hypervisor's bridge ovsbr0 has no port to the server";
            },
            advice: "Load openvswitch and geneve on the host (modprobe), then restart isard-hypervisor.",
        },
    ],
};

function portless(facts: Facts): boolean {
    const text = server(facts)?.ovs;
    return facts.api.record !== undefined && text !== undefined && !portsOf(text).includes(facts.subject.hyperId);
}
