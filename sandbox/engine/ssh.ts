import { Client } from "ssh2";
import type { KeyPair } from "../world/keys";
import type { World } from "../world/world";

const VIRSH = "virsh --connect qemu:///system version";

/** The SSH side of the engine: its key, its known_hosts file, and the connections it opens. */
export class EngineSsh {
    /** Whether the file with its public key is where registration looks for it. */
    hasKeyFile = true;
    private readonly knownHosts = new Map<string, Buffer>();

    constructor(
        private readonly world: World,
        readonly key: KeyPair,
    ) {}

    /** Records the host's key under this very name and port; false when nothing answers there. */
    async keyscan(hostname: string, port: string): Promise<boolean> {
        this.knownHosts.delete(`${hostname}:${port}`);
        let seen: Buffer | undefined;
        try {
            const client = await this.handshake(hostname, port, "root", (key) => {
                seen = key;
                return false;
            });
            client.destroy();
        } catch {
            // the scan always ends in a refused key: what counts is whether one was shown
        }
        if (seen) this.knownHosts.set(`${hostname}:${port}`, seen);
        return seen !== undefined;
    }

    /** The file in which it keeps them, as ssh-keygen -F reads it. */
    knownHostsText(): string {
        return [...this.knownHosts]
            .map(([place, key]) => {
                const type = key.subarray(4, 4 + key.readUInt32BE(0)).toString();
                return `${place.replace(/^(.*):(\d+)$/, "[$1]:$2")} ${type} ${key.toString("base64")}\n`;
            })
            .join("");
    }

    /** Takes a line out of that file. */
    forgetHostKey(hostname: string, port: string): void {
        this.knownHosts.delete(`${hostname}:${port}`);
    }

    /** A connection that proved the host's identity, let the engine in and has a libvirt that answers. */
    async connect(hostname: string, port: string, user: string): Promise<Client> {
        const known = this.knownHosts.get(`${hostname}:${port}`);
        if (!known) throw new Error("Host key verification failed.");
        const client = await this.handshake(hostname, port, user, (key) => key.equals(known));
        if (await this.libvirtAnswers(client)) return client;
        client.destroy();
        throw new Error("libvirt does not answer");
    }

    libvirtAnswers(client: Client): Promise<boolean> {
        return new Promise((resolve) => {
            const answered = (yes: boolean): void => {
                client.off("close", lost);
                resolve(yes);
            };
            const lost = (): void => answered(false);
            client.once("close", lost);
            try {
                client.exec(VIRSH, (error, channel) => {
                    if (error) return answered(false);
                    channel.on("exit", (code: number | null) => answered(code === 0));
                    channel.resume();
                    channel.stderr.resume();
                });
            } catch {
                answered(false);
            }
        });
    }

    /** Whether the host itself says that nothing listens there. */
    async refuses(hostname: string, port: string): Promise<boolean> {
        return await this.world.dial(hostname, port).then(
            (socket) => (socket.destroy(), false),
            (error: unknown) => /ECONNREFUSED/.test(String(error)),
        );
    }

    /** Whether something accepts connections there: no more than a TCP probe. */
    async reachable(hostname: string, port: string): Promise<boolean> {
        try {
            (await this.world.dial(hostname, port)).destroy();
            return true;
        } catch {
            return false;
        }
    }

    private async handshake(
        hostname: string,
        port: string,
        username: string,
        hostVerifier: (key: Buffer) => boolean,
    ): Promise<Client> {
        const sock = await this.world.dial(hostname, port);
        const client = new Client();
        return await new Promise((resolve, reject) => {
            client.on("error", reject);
            client.once("close", () => reject(new Error("connection closed")));
            client.once("ready", () => resolve(client));
            client.connect({ sock, username, privateKey: this.key.privateText, hostVerifier, readyTimeout: 10_000 });
        });
    }
}
