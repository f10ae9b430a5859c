import type { Change, Forward } from "../../provider/firewall";
import type { Remote, RemoteCall } from "../../provider/remote/remote";
import { type Log, silentLog } from "../../provider/world";
import type { LabHost } from "../lab/host";

/** A host without SSH: the scripts run as they would over it, and each run can be seen and cut. */
export class DirectRemote implements Remote {
    readonly name: string;
    readonly scripts: string[] = [];
    /** Seen before each run; what it throws is a lost connection. */
    before: (script: string, isAnew: boolean) => Promise<void> | void = () => undefined;

    constructor(private readonly host: LabHost) {
        this.name = `root@${host.name}`;
    }

    async run(script: string, call: RemoteCall, input?: string) {
        return await this.go(script, call, input, false);
    }

    async runAnew(script: string, call: RemoteCall, input?: string) {
        return await this.go(script, call, input, true);
    }

    connect(): Promise<never> {
        return Promise.reject(new Error("no streams here"));
    }

    private async go(script: string, call: RemoteCall, input: string | undefined, isAnew: boolean) {
        this.scripts.push(script);
        await this.before(script, isAnew);
        const timeoutMs = call.timeoutMs ?? 60_000;
        return await this.host.exec(script, { timeoutMs, ...(input === undefined ? {} : { input }) });
    }
}

export const callWith = (log: Partial<Log> = {}): RemoteCall => ({
    signal: new AbortController().signal,
    log: { ...silentLog, ...log },
});

export const ssh: Forward = {
    protocol: "tcp",
    from: 2022,
    to: 2022,
    toAddress: "172.31.255.17",
    persist: true,
};

export function change(tag: string, forward: Forward | undefined, more: Partial<Change> = {}): Change {
    const owner = { tag, name: `urn:pulumi:dev::site::isardvdi:index:PortForward::${tag}` };
    return { owner, forward, backend: "auto", adopt: false, rollbackSeconds: 10, ...more };
}

/** All that a forward may have left behind; counters and time stamps left out. */
export async function traces(host: LabHost): Promise<string> {
    return await host.must(`
        for v in nft legacy; do
            [ ! -x /usr/sbin/iptables-$v-save ] || iptables-$v-save 2>/dev/null | sed -e '/^#/d' -e 's/ \\[[0-9:]*\\]$//'
        done
        nft -s list table ip pulumi-isardvdi 2>/dev/null
        cat /proc/sys/net/ipv4/ip_forward
        find /etc/firewalld /var/lib/pulumi-isardvdi /etc/systemd/system /usr/share/netfilter-persistent 2>/dev/null | sort
        find /etc/firewalld -type f -exec md5sum {} + 2>/dev/null | sort
        command -v firewall-cmd >/dev/null && firewall-cmd --list-all-zones && firewall-cmd --direct --get-all-rules
        true`);
}

/** firewalld keeps a backup of each file that it writes; the last forward takes ours with it. */
export const withoutBackups = (text: string): string[] => text.split("\n").filter((line) => !line.endsWith(".old"));
