import { strict as assert } from "node:assert";
import { openRemotes } from "../../../provider/remote";
import { silentLog } from "../../../provider/world";
import type { Sandbox } from "../../../sandbox";

/** An operator at the hosts of a sandbox, past the provider under test. */
export class Hosts {
    private readonly remotes = openRemotes();

    constructor(private readonly sandbox: Sandbox) {}

    /** Runs a shell command on a host; what it printed. */
    async on(name: string, command: string): Promise<string> {
        const connection = this.sandbox.connections()[name];
        assert.ok(connection, `the sandbox tells no way to log in to ${name}`);
        const call = { signal: new AbortController().signal, log: silentLog };
        const { code, stdout, stderr } = await this.remotes.open(connection).run(command, call);
        assert.equal(code, 0, `${name}: ${command}: ${stderr}`);
        return stdout;
    }

    /** The rules of a host without counters and time stamps, and what a forward may have left beside them. */
    async traces(name: string): Promise<string> {
        return await this.on(
            name,
            `iptables-save | sed -e '/^#/d' -e 's/ \\[[0-9:]*\\]$//'
            cat /proc/sys/net/ipv4/ip_forward
            find /var/lib/pulumi-isardvdi /etc/systemd/system /usr/share/netfilter-persistent 2>/dev/null | sort`,
        );
    }

    /** What the hypervisor of a host says to the site's server, which knows the host's address alone. */
    async heard(name: string): Promise<string> {
        const { address } = this.sandbox.host(name);
        const listen = `timeout 1 bash -c 'exec 3<>/dev/tcp/${address}/2022; head -n 1 <&3' 2>/dev/null || true`;
        return (await this.on("server", listen)).slice(0, 4);
    }

    async close(): Promise<void> {
        await this.remotes.close();
    }
}
