import { isIPv6 } from "node:net";
import type { ConnectionArgs } from "../connection";
import { isHostname } from "../hostname";
import type { Remote, RemoteCall } from "../remote/remote";
import { shellQuote } from "../remote/quote";
import type { Network } from "./network";
import { lookAt, type Sight, sightOf } from "./sight";

/** What is known of the ways to a host. */
export interface Ways {
    network: Network;
    connection: ConnectionArgs;
    /** The jump host next to the host. */
    jump: Remote | undefined;
    /** The site's central server, where it is another machine. */
    server: Remote | undefined;
}

/** A place from which a packet is sent to the host's own address. */
export interface Vantage {
    /** "from the jump host root@jump:22" */
    name: string;
    /** The address from which its packets come; undefined where that cannot be told. */
    address?: (call: RemoteCall) => Promise<string | undefined>;
    look: Record<"tcp" | "udp", (port: number, call: RemoteCall) => Promise<Sight>>;
}

/** Every place that makes sense for a host; none where it is known by a loopback address alone. */
export function vantagesOf(ways: Ways): Vantage[] {
    // the rules are IPv4's, so a packet to an IPv6 address would meet none
    const { host } = ways.connection;
    if (isLoopback(host) || isIPv6(host) || !isHostname(host)) return [];
    return table.flatMap((each) => each(ways) ?? []);
}

export const isLoopback = (host: string): boolean => /^(localhost$|127\.|::1$|0\.0\.0\.0$)/i.test(host);

const table: ((ways: Ways) => Vantage | undefined)[] = [
    // behind a jump host the address means nothing here
    ({ network, connection: { host, proxy } }) => (proxy ? undefined : fromHere(network, host)),
    ({ jump, connection: { host } }) => jump && from(`from the jump host ${jump.name}`, jump, host),
    ({ server, connection: { host } }) => server && from(`from the site's server ${server.name}`, server, host),
];

const fromHere = (network: Network, host: string): Vantage => ({
    name: "from where Pulumi runs",
    look: {
        tcp: (port, { signal }) => lookAt((either) => network.connect(host, port, either), signal),
        udp: async (port, { signal }) => {
            try {
                return asked(await network.ask(host, port, replyMs, signal));
            } catch (error) {
                signal.throwIfAborted();
                return sightOf(error);
            }
        },
    },
});

const from = (name: string, remote: Remote, host: string): Vantage => ({
    name,
    async address(call) {
        const script = `ip -4 -o route get "$(getent ahostsv4 ${shellQuote(host)} | { read -r a _; echo "$a"; })"`;
        const { stdout } = await remote.run(script, { ...call, timeoutMs: 10_000 });
        return / src ([\d.]+)/.exec(stdout)?.[1];
    },
    look: {
        tcp: (port, call) => lookAt((signal) => remote.connect(host, port, { ...call, signal }), call.signal),
        udp: async (port, call) => {
            // SSH carries no datagrams: bash sends one there, where there is a bash
            const script = `bash -c 'exec 3<>"/dev/udp/$0/$1" && printf "\\0\\0\\0\\0\\0\\0\\0\\0" >&3 && timeout 1 head -c 1 <&3 | od -An -tx1' ${shellQuote(host)} ${port}`;
            const { code, stdout, stderr } = await remote.run(script, { ...call, timeoutMs: 10_000 });
            if (/refused/i.test(stderr)) return { kind: "refused" };
            if (code !== 0) return { kind: "lost", reason: stderr.trim().split("\n")[0] || `bash ended with ${code}` };
            return asked(stdout.trim() === "" ? undefined : Buffer.from(stdout));
        },
    },
});

const replyMs = 1000;

/** A datagram without an answer may have arrived all the same: the counter on the host tells. */
const asked = (reply: Buffer | undefined): Sight =>
    reply ? { kind: "answered", said: undefined } : { kind: "lost", reason: "nothing was answered" };
