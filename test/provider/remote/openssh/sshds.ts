import type { ConnectionArgs } from "../../../../provider/connection";
import type { LabHost } from "../../../lab/host";

/** Real sshds with settings of their own, side by side on one host of the lab. */
export class Sshds {
    private last = 2200;

    constructor(private readonly host: LabHost) {}

    /** What `settings` say wins over the host's own; the connection has no host key and no credential. */
    async start(...settings: string[]): Promise<{ connection: ConnectionArgs; port: number }> {
        const port = (this.last += 1);
        const file = `/etc/ssh/own.${port}`;
        // it leaves for the background before it listens, and writes its id once it does
        const started = `until [ -s /run/sshd.${port} ]; do sleep 0.02; done`;
        await this.host.must(`cat >${file} && /usr/sbin/sshd -f ${file} && ${started}`, {
            input: `Port ${port}\nPidFile /run/sshd.${port}\n${settings.join("\n")}\nInclude /etc/ssh/sshd_config\n`,
        });
        const relay = await this.host.machine.relay(port);
        return { port, connection: { host: "127.0.0.1", port: relay, user: "root", dialErrorLimit: 1 } };
    }
}
