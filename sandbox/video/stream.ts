import { type Duplex, pipeline } from "node:stream";

/** Both ways, until either end fails or is done. */
export function join(near: Duplex, far: Duplex): void {
    pipeline(near, far, () => far.destroy());
    pipeline(far, near, () => near.destroy());
}

export function refuse(client: Duplex, status: string): void {
    client.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
