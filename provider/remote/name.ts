import type { ConnectionArgs } from "../connection";

/** "root@h1.example.org:22", for messages. */
export function connectionName({ user = "root", host, port = 22 }: ConnectionArgs): string {
    return `${user}@${host.includes(":") ? `[${host}]` : host}:${port}`;
}
