import type { Machine } from "../../sandbox/machine/machine";

/** So long nothing has to arrive where nothing may; what has to arrive has all the time that a busy machine needs. */
export const SILENCE_MS = 500;
const PATIENCE_MS = 30_000;

export interface Tried {
    connected: boolean;
    /** What the other side said, until it paused, closed or the time was up. */
    text: string;
    /** ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH … where there was no connection. */
    error?: string;
}

export interface TcpOptions {
    send?: string;
    /** For the connection, and again for the first words of the other side. Default: 30,000. */
    timeoutMs?: number;
}

/** Connects from a machine and listens to what the other side says. */
export async function tcp(from: Machine, address: string, port: number, options: TcpOptions = {}): Promise<Tried> {
    const { send, timeoutMs = PATIENCE_MS } = options;
    let socket;
    try {
        socket = await from.dial(address, port, timeoutMs);
    } catch (error) {
        return { connected: false, text: "", error: (error as { code?: string }).code ?? String(error) };
    }
    if (send !== undefined) socket.write(send);
    socket.setEncoding("utf8").setTimeout(timeoutMs);
    const text = await new Promise<string>((resolve) => {
        let heard = "";
        socket.on("data", (chunk: string) => {
            heard += chunk;
            if (heard.includes("\n")) resolve(heard);
        });
        for (const end of ["timeout", "close", "error"]) socket.once(end, () => resolve(heard));
    });
    socket.destroy();
    return { connected: true, text };
}

const UDP = `
import socket, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.settimeout(float(sys.argv[3]))
    try:
        s.connect((sys.argv[1], int(sys.argv[2])))
        s.send(sys.stdin.buffer.read())
        sys.stdout.buffer.write(s.recv(65535))
    except OSError as error:
        sys.exit(f"{error}")
`;

/** Sends a datagram from a machine; undefined where no reply came. */
export async function udp(
    from: Machine,
    address: string,
    port: number,
    text: string,
    timeoutMs = PATIENCE_MS,
): Promise<string | undefined> {
    const command = `/usr/bin/python3 -IS -c '${UDP}' ${address} ${port} ${timeoutMs / 1000}`;
    const { code, stdout } = await from.exec(command, { input: text });
    return code === 0 ? stdout : undefined;
}
