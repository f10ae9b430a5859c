import type { Machine } from "../../sandbox/machine/machine";
import type { Engine } from "./packages";
import { SERVICE } from "./service";

export interface DockerOptions {
    /** Default: "20.10", which the lab's Debian has; another one needs `needsEngine`. */
    engine?: Engine;
    /** What daemon.json says at first. Default: nothing, and there is no such file. */
    daemon?: Readonly<Record<string, unknown>>;
    /** The ports of isard-hypervisor's sshd. Default: 2022. */
    hypervisorSsh?: number[];
    /** The first three parts of isard-network's addresses. Default: "172.31.255". */
    network?: string;
    /** No network and no container, for a test that makes its own. Default: false. */
    engineOnly?: boolean;
}

/** On the host: gone with each boot, and a file in it for each container whose services listen. */
const READY = "/run/services";

const LOG = "/var/log/dockerd.log";

const PROGRAMS =
    "/usr/sbin/dockerd /usr/bin/docker /usr/sbin/docker-proxy /usr/bin/containerd /usr/sbin/runc /usr/bin/runc";

/** A real Docker engine with isard-network and containers at their fixed addresses. */
export class Docker {
    private starts = 0;

    constructor(
        private readonly options: DockerOptions,
        private readonly bySystemd: boolean,
    ) {}

    /** For process 1: the engine's folders on the disk itself, for it makes overlays of its own. */
    static setup({ daemon }: DockerOptions): string {
        const file = "/etc/docker/daemon.json";
        const text = JSON.stringify(daemon ?? {}).replaceAll("'", `'\\''`);
        return `
            for folder in docker containerd; do
                mkdir -p /disk/$folder /var/lib/$folder
                mount --bind /disk/$folder /var/lib/$folder
            done
            ${daemon ? `[ -e ${file} ] || { mkdir -p /etc/docker; echo '${text}' >${file}; }` : ""}
            # the engine itself switches it on, but for this back end
            ${daemon?.["firewall-backend"] === "nftables" ? "echo 1 >/proc/sys/net/ipv4/ip_forward" : ""}
        `;
    }
    /** No Docker at all. */
    static readonly removed = `rm -rf ${PROGRAMS} /usr/lib/systemd/system/docker.* /usr/lib/systemd/system/containerd.service /etc/init.d/docker\n`;

    /** Returns once the containers' services listen. */
    async start(machine: Machine): Promise<void> {
        const end = `dockerd ${(this.starts += 1)} has ended`;
        if (!this.bySystemd) machine.spawn(`dockerd >>${LOG} 2>&1; echo '${end}' >>${LOG}`);
        // each look of the CLI costs as much as ten of the shell's
        const answers = "[ -S /run/docker.sock ] && docker version >/dev/null 2>&1";
        const ended = `if grep -qs '^${end}' ${LOG}; then tail -n 5 ${LOG} >&2; exit 1; fi`;
        await machine.must(`until ${answers}; do ${ended}; sleep 0.05; done; mkdir -p ${READY}`);
        if (this.options.engineOnly) return;
        await machine.must(`[ -n "$(docker images -q)" ] || { ${this.create()} }`, { input: SERVICE });
        await this.listening(machine);
    }

    async restart(machine: Machine): Promise<void> {
        // containers that run on say nothing anew
        await machine.must(`grep -qs '"live-restore":true' /etc/docker/daemon.json || rm -f ${READY}/*`);
        if (this.bySystemd) await machine.must("systemctl restart docker");
        else {
            const gone = "while kill -0 $pid 2>/dev/null; do sleep 0.05; done";
            await machine.must(`pid=$(cat /run/docker.pid); kill $pid; ${gone}`);
        }
        await this.start(machine);
    }

    private get containers(): Record<string, { last: number; services: string }> {
        const ssh = (this.options.hypervisorSsh ?? [2022]).map((port) => `tcp:${port}:ssh`).join(" ");
        return {
            "isard-hypervisor": { last: 17, services: `${ssh} tcp:5900-7899:port udp:4443:echo udp:6081:echo` },
            "isard-vpn": { last: 23, services: "udp:4443:echo udp:6081:echo" },
            "isard-redis": { last: 12, services: "tcp:6379:redis" },
        };
    }

    /** No registry and no network: the image holds a static busybox and borrows the host's Python. */
    private create(): string {
        const network = this.options.network ?? "172.31.255";
        const runs = Object.entries(this.containers).map(
            ([name, { last, services }]) =>
                `docker run -d --restart always --stop-signal KILL --name ${name} --hostname ${name} --ulimit nofile=8192 ` +
                `--network isard-network --ip ${network}.${last} -v /usr:/usr:ro -v ${READY}:/services services ` +
                `/usr/bin/python3 -ISu /service.py ${services} >/dev/null & pids="$pids $!"`,
        );
        return `set -e
            mkdir -p /tmp/image/bin /tmp/image/usr /tmp/image/tmp /tmp/image/run /tmp/image/services
            cat >/tmp/image/service.py
            cp /usr/bin/busybox /tmp/image/bin/busybox
            for name in sh ls cat; do ln -s busybox /tmp/image/bin/$name; done
            for folder in lib lib64; do ln -s usr/$folder /tmp/image/$folder; done
            tar -C /tmp/image -c . | docker import - services >/dev/null
            rm -r /tmp/image
            docker network create --subnet ${network}.0/24 isard-network >/dev/null
            pids=
            ${runs.join("\n")}
            for pid in $pids; do wait $pid; done;`;
    }

    private async listening(machine: Machine): Promise<void> {
        const names = Object.keys(this.containers);
        const ready = names.map((name) => `[ -e ${READY}/${name} ]`);
        await machine.must(`until ${ready.join(" && ")}; do sleep 0.05; done`);
    }
}
