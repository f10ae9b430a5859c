/** The other end of a tunnel, as `wg show` prints it. */
export interface Peer {
    publicKey: string;
    allowedIps: string;
    endpoint: string | undefined;
    /** Seconds since the last handshake; undefined before the first. */
    handshakeAge: number | undefined;
}

/** What `wg show` prints for people. */
export function wgShow(name: string, publicKey: string, port: number, peers: readonly Peer[]): string {
    const blocks = [
        [`interface: ${name}`, `  public key: ${publicKey}`, "  private key: (hidden)", `  listening port: ${port}`],
        ...peers.map(({ publicKey: key, allowedIps, endpoint, handshakeAge }) => [
            `peer: ${key}`,
            ...(endpoint === undefined ? [] : [`  endpoint: ${endpoint}`]),
            `  allowed ips: ${allowedIps}`,
            ...(handshakeAge === undefined ? [] : [`  latest handshake: ${age(handshakeAge)}`]),
            ...(handshakeAge === undefined ? [] : ["  transfer: 1.21 MiB received, 3.44 MiB sent"]),
        ]),
    ];
    return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function age(seconds: number): string {
    if (seconds < 1) return "Now";
    const parts = [
        [Math.floor(seconds / 86_400), "day"],
        [Math.floor(seconds / 3_600) % 24, "hour"],
        [Math.floor(seconds / 60) % 60, "minute"],
        [Math.floor(seconds) % 60, "second"],
    ] as const;
    const said = parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}${count > 1 ? "s" : ""}`] : []));
    return `${said.join(", ")} ago`;
}
