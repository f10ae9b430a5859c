import type { Remote, RemoteCall } from "../remote/remote";

/** Both kinds of iptables; the legacy one is asked only where it is in use, for asking makes its tables. */
const script = (mark: string): string => `(
PATH=/usr/sbin:/sbin:$PATH
{
    if command -v iptables-nft-save >/dev/null; then iptables-nft-save -c -t filter; else iptables-save -c -t filter; fi
    ! grep -qs '^filter$' /proc/net/ip_tables_names || iptables-legacy-save -c -t filter
} 2>/dev/null | grep -F ${mark} || true
)`;

/** How many packets the host has let through for this forward; undefined where its firewall does not count. */
export async function packetsOf(remote: Remote, mark: string, call: RemoteCall): Promise<number | undefined> {
    const { stdout } = await remote.run(script(mark), call);
    const counts = [...stdout.matchAll(/^\[(\d+):\d+\]/gm)].map(([, packets]) => Number(packets));
    return counts.length > 0 ? counts.reduce((sum, each) => sum + each) : undefined;
}
