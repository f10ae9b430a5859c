import type { Forward } from "../firewall/firewall";
import { shellQuote } from "../remote/quote";
import type { Remote, RemoteCall } from "../remote/remote";

/** A flow is listed once its first packet has passed every filter of the host, whoever made it: what one drops is not. */
const script = (protocol: string, address: string): string => `(
PATH=/usr/sbin:/sbin:$PATH
if command -v conntrack >/dev/null; then conntrack -L -p ${protocol} 2>/dev/null
elif [ -r /proc/net/nf_conntrack ]; then cat /proc/net/nf_conntrack
else echo untold
fi | grep -F -e ${shellQuote(`src=${address} `)} -e untold | head -n 20000 || true
)`;

/** The flows of a forward that have gone on to its target, by their first packet; undefined where the host cannot tell. */
export async function flowsOf(
    remote: Remote,
    { protocol, from, to, toAddress }: Forward,
    call: RemoteCall,
): Promise<ReadonlySet<string> | undefined> {
    const { stdout } = await remote.run(script(protocol, toAddress), call);
    if (stdout.includes("untold")) return undefined;
    const found = new Set<string>();
    for (const line of stdout.split("\n")) {
        // none of conntrack is as long
        if (!line.includes(protocol) || line.length > 1000) continue;
        const [, source, sourcePort, port, back] =
            /src=(\S+) dst=\S+ sport=(\d+) dport=(\d+) .*?src=(\S+) dst=/.exec(line) ?? [];
        if (back === toAddress && Number(port) >= from && Number(port) <= to)
            found.add(`${source} ${sourcePort} ${port}`);
    }
    return found;
}
