import { forwardOf, stopOf, type Target } from "../probe/packet";
import type { Facts } from "../facts";
import { absent, host, hostnameOf, isLocal, portOf, server, type Step, without } from "./step";

/** Packets that got through outweigh what is read from rules. */
const isOpen = (facts: Facts): boolean => server(facts)?.ssh?.state === "ssh";

/** The forward that leads to the container, where it matters and can be seen. */
function inward(
    facts: Facts,
): { saves: NonNullable<ReturnType<typeof savesOf>>; target: Target | undefined } | undefined {
    const saves = savesOf(facts);
    if (!saves || isOpen(facts) || isLocal(facts)) return undefined;
    return { saves, target: forwardOf(saves, "tcp", portOf(facts)) };
}

const savesOf = (facts: Facts) => host(facts)?.saves;

export const forwards: Step = {
    id: "forwards",
    title: "The host forwards the SSH port, and the server Redis",
    about: "The hypervisor's container publishes no port: the host must lead them to it, and Docker must let them pass.",
    unseen: (facts) =>
        isOpen(facts) || isLocal(facts) ? undefined : without("host", facts, savesOf(facts), "its rules"),
    evidence: [],
    causes: [
        {
            id: "missing",
            sign: "No rule of the host leads the SSH port (2022/tcp) anywhere.",
            seen(facts) {
                const found = inward(facts);
                return found && !found.target ? `nothing on the host forwards ${portOf(facts)}/tcp` : undefined;
            },
            advice: "Forward it to the container (172.31.255.17:2022), with a PortForward or Site.",
        },
        {
            id: "ip-forward-off",
            sign: "net.ipv4.ip_forward is 0 on the host.",
            seen: (facts) =>
                inward(facts)?.saves.isForwarding === false ? "the host forwards no packets at all" : undefined,
            advice: "Set net.ipv4.ip_forward=1 on the host (sysctl), and keep it there for the next boot.",
        },
        {
            id: "other-address",
            sign: "The forward leads to an address that is not the container's (.17 of DOCKER_NET).",
            seen(facts) {
                const target = inward(facts)?.target;
                if (!target || target.address.endsWith(".17")) return undefined;
                return `the host forwards ${portOf(facts)}/tcp to ${target.address}`;
            },
            advice: "Forward it to the container's address: docker network inspect isard-network shows it (.17).",
        },
        {
            id: "port-22",
            sign: "The forward leads to port 22 of the container, as the manual has it, and no SSH answers there.",
            seen(facts) {
                const target = inward(facts)?.target;
                return target?.port === 22
                    ? `the host forwards ${portOf(facts)}/tcp to port 22 of the container`
                    : undefined;
            },
            advice: "Forward it to port 2022 of the container: its sshd listens there.",
        },
        {
            id: "docker-drop",
            sign: "The forward is there, and the FORWARD chain drops what it leads on.",
            seen(facts) {
                const { saves, target } = inward(facts) ?? {};
                const stop = saves && target && stopOf(saves, "tcp", portOf(facts), target);
                return stop && `the host drops what it forwards: ${stop}`;
            },
            advice: "Accept the flow in DOCKER-USER; a PortForward does so.",
        },
        {
            id: "redis-closed",
            sign: "The host runs isard-storage, and the server leads 6379/tcp nowhere.",
            seen(facts) {
                const saves = server(facts)?.saves;
                const hasStorage = /^Up/.test(host(facts)?.containers?.get("isard-storage") ?? "");
                if (!saves || !hasStorage || isLocal(facts) || forwardOf(saves, "tcp", 6379)) return undefined;
                return "the host runs isard-storage, and nothing on the server forwards 6379/tcp";
            },
            advice: "Forward it on the server to Redis (172.31.255.12:6379), or set INFRASTRUCTURE_HOST_IP there.",
        },
    ],
};

export const ssh: Step = {
    id: "ssh",
    title: "SSH answers the server, with the registered host key",
    about: "Registration asks for the host key on this port, and the engine works through it.",
    unseen(facts) {
        if (hostnameOf(facts) === undefined) return "no hostname is known";
        return without("server", facts, server(facts)?.ssh, "how the port answers");
    },
    evidence: [["server", "docker logs isard-engine"]],
    causes: [
        {
            id: "container-down",
            sign: "The port does not answer, and the container isard-hypervisor is missing or does not run.",
            seen(facts) {
                const door = server(facts)?.ssh;
                return !door || isOpen(facts) ? undefined : absent(host(facts)?.containers, "isard-hypervisor");
            },
            advice: "Start it on the host: docker compose up -d isard-hypervisor, after ./build.sh where the cfg changed.",
        },
        door(
            "refused",
            "The connection is refused.",
            "refuses",
            "Start isard-hypervisor, and forward the port to where its sshd listens (2022).",
        ),
        door(
            "timeout",
            "The connection is never opened: packets are dropped.",
            "does not answer",
            "Let the server through every firewall between it and the host, and through the host's own.",
        ),
        door(
            "unreachable",
            "There is no route to the host.",
            "cannot be reached",
            "Check the host's address, that it is up, and the server's routes.",
        ),
        door(
            "silent",
            "The connection opens, and no SSH banner comes.",
            "opens, and no SSH banner comes",
            "Something else holds the port, or sshd hangs: look at what the forward leads to, and restart isard-hypervisor.",
        ),
        {
            id: "other-service",
            sign: "Something answers that is no SSH server.",
            seen(facts) {
                const seen = server(facts)?.ssh;
                return seen?.state === "other"
                    ? `port ${portOf(facts)} answers "${seen.banner}", which is no SSH`
                    : undefined;
            },
            advice: "Another service holds the port: forward it to the container's sshd (172.31.255.17:2022).",
        },
        {
            id: "host-key-unknown",
            sign: "The record is there, and the engine's known_hosts has no key for the hostname and port.",
            seen(facts) {
                const stored = server(facts)?.storedKeys;
                return facts.api.record && isOpen(facts) && stored?.length === 0
                    ? "the engine knows no host key of the hypervisor"
                    : undefined;
            },
            advice: "Register it again: change triggers and run pulumi up, or restart isard-hypervisor where it registers itself.",
        },
        {
            id: "host-key-changed",
            sign: "The key that answers is not the one that registration stored.",
            seen(facts) {
                const { storedKeys = [], offeredKeys = [] } = server(facts) ?? {};
                const type = (key: string): string => key.split(" ")[0] ?? "";
                const rivals = offeredKeys.filter((key) => storedKeys.some((each) => type(each) === type(key)));
                if (rivals.length === 0 || rivals.some((key) => storedKeys.includes(key))) return undefined;
                return "the host key that answers is not the one that registration stored";
            },
            advice: "A rebuilt container has a new key: register it again (change triggers), or restart isard-hypervisor where it registers itself.",
        },
        {
            id: "engine-unreachable",
            sign: "The engine's detail says that it cannot reach the port, and the server was not looked at.",
            seen: ({ api: { record }, server: looked }) =>
                "why" in looked &&
                record?.status === "Error" &&
                /not reachable|SSH timeout|SSH connection/i.test(record.detail)
                    ? `the engine says "${record.detail}"`
                    : undefined,
            advice: "Forward the SSH port on the host to the container (172.31.255.17:2022) and let the server through.",
        },
    ],
};

function door(
    state: "refused" | "timeout" | "unreachable" | "silent",
    sign: string,
    verb: string,
    advice: string,
): Step["causes"][number] {
    return {
        id: state,
        sign,
        advice,
        seen: (facts) =>
            server(facts)?.ssh?.state === state
                ? `${hostnameOf(facts)}:${portOf(facts)} ${verb}, asked by the server`
                : undefined,
    };
}
