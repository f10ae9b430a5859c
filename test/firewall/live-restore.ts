import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { callWith, change, DirectRemote, ssh } from "./harness";
import type { Ground } from "./matrix";

type Daemon = Readonly<Record<string, unknown>>;

/** A Docker whose containers run on while it is away; `later` is what a restart adds to its daemon.json. */
export function goesOnWithLiveRestore(ground: () => Ground, daemon: Daemon = {}, later: Daemon = {}): void {
    const firewall = openFirewall();
    const file = "/etc/docker/daemon.json";
    const write = (content: Daemon): Promise<string> =>
        ground().host.must(`mkdir -p /etc/docker; cat >${file}`, { input: JSON.stringify(content) });
    /** Without a restart, which would stop them once. */
    const live = async (isLive: boolean): Promise<void> => {
        await write({ ...daemon, "live-restore": isLive });
        await ground().host.must(
            `kill -HUP $(cat /run/docker.pid); until [ "$(docker info -f '{{.LiveRestoreEnabled}}')" = ${String(isLive)} ]; do sleep 0.05; done`,
        );
    };

    const isSame = Object.keys(later).length === 0;
    const title = isSame
        ? "carry packets while a Docker with live-restore is away, and once it is back, and no container stops"
        : `need ${Object.keys(later).join()}, which live-restore lets Docker take without stopping a container`;
    it(title, async () => {
        const { host, client } = ground();
        const remote = new DirectRemote(host);
        const works = async (): Promise<boolean> =>
            (await client.tcp(host.address, 2022, { timeoutMs: 30_000 })).text.startsWith("SSH-");
        const processes = (): Promise<string> =>
            host.must("docker inspect -f '{{.Name}} {{.State.Pid}}' $(docker ps -q) | sort");
        const had = await host.must(`[ ! -e ${file} ] || echo there`);
        await live(true);
        try {
            const containers = await processes();
            if (isSame) await firewall.apply(remote, [change("kept", ssh)], callWith());
            else await write({ ...daemon, ...later, "live-restore": true });
            const engine = await host.must("cat /run/docker.pid");
            await host.must(
                "pid=$(cat /run/docker.pid); kill $pid; while kill -0 $pid 2>/dev/null; do sleep 0.05; done",
            );
            if (isSame) assert.ok(await works(), "it carries nothing while Docker is away");
            await host.restartDocker();
            assert.notEqual(await host.must("cat /run/docker.pid"), engine);
            assert.equal(await processes(), containers);
            await firewall.apply(remote, [change("kept", ssh)], callWith());
            assert.ok(await works(), "it carries nothing once Docker is back");
            const { forwards } = await firewall.inspect(remote, "auto", callWith());
            assert.deepEqual(forwards.get("kept")?.missing, []);
        } finally {
            await firewall.apply(remote, [change("kept", undefined)], callWith());
            await live(false);
            if (had === "") await host.must(`rm ${file}`);
        }
    });
}
