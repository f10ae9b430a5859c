import { Client } from "ssh2";
import type { ConnectionArgs } from "../../provider/connection";

/** Logs in with ssh2, verifies the pinned host key, runs one command and returns what it printed. */
export async function overSsh(connection: ConnectionArgs, command: string): Promise<string> {
    const client = new Client();
    try {
        await new Promise<void>((resolve, reject) => {
            client.once("ready", resolve).on("error", reject);
            client.connect({
                host: connection.host,
                port: connection.port ?? 22,
                username: connection.user ?? "root",
                privateKey: connection.privateKey ?? "",
                hostVerifier: (key: Buffer) => connection.hostKey?.split(" ")[1] === key.toString("base64"),
                readyTimeout: 10_000,
            });
        });
        return await new Promise((resolve, reject) => {
            client.exec(command, (error, channel) => {
                if (error) return reject(error);
                let printed = "";
                channel.on("data", (data: Buffer) => (printed += data.toString()));
                channel.once("close", () => resolve(printed));
            });
        });
    } finally {
        client.end();
    }
}
