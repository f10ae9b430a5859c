import { strict as assert } from "node:assert";
import type { Duplex } from "node:stream";
import { openRemotes } from "../../provider/remote";
import { openDatabase } from "../../provider/isardvdi/watch/database";
import { silentLog } from "../../provider/world";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { HYPERVISOR, rig, type Rig } from "./client";

const ITEM = "/api/v4/admin/item/hypervisor";
const forward =
    "iptables -t nat -A PREROUTING -p tcp --dport 2022 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.31.255.17:2022 && " +
    "iptables -I DOCKER-USER -p tcp -d 172.31.255.17 --dport 2022 -j ACCEPT";

describe("the commands of the manual on a sandbox's machines", function () {
    this.timeout(60_000);
    const remotes = openRemotes();
    const call = { signal: new AbortController().signal, log: silentLog };
    let site: Rig;
    before(needsLab);
    before(async () => {
        site = await rig({ machines: true, packages: packages(), hosts: ["h1"], timeScale: 50, rethinkdbPort: 0 });
        await on("h1", forward);
        assert.equal((await site.call("POST", ITEM, HYPERVISOR)).status, 200);
        await site.call("PUT", `${ITEM}/hyper-1`, { enabled: true });
        await site.until("Online", () => site.row("hyper-1")?.status === "Online");
    });
    after(async () => {
        await remotes.close();
        await site?.sandbox.stop();
    });

    const machine = (name: string) => {
        const connection = site.sandbox.connections()[name];
        assert.ok(connection, `no way to log in to ${name}`);
        return remotes.open(connection);
    };
    const asked = (name: string, command: string, input?: string) => machine(name).run(command, call, input);
    const on = async (name: string, command: string, input?: string): Promise<string> => {
        const { code, stdout, stderr } = await asked(name, command, input);
        assert.equal(code, 0, `${command}: ${stderr}`);
        return stdout;
    };

    it("shows what the engine and isard-vpn have logged of a hypervisor", async () => {
        assert.match(await on("server", "docker logs isard-engine | grep h1"), /hypervisor h1 is Online\n$/);
        const vpn = await on("server", 'docker logs isard-vpn | grep -E "(peer|tunnel|geneve)"');
        assert.match(vpn, /New hypervisor peer hyper-1 with address 10\.1\.0\.2/);
        assert.match(await on("server", "docker logs --tail 1 isard-apiv4"), /^\S+ "(GET|PUT) \S+" 200\n$/);
    });

    it("shows the ports and the peer, on both ends, without a private key", async () => {
        const { wireguard } = site.row("hyper-1")?.vpn as { wireguard: { keys: { public: string; private: string } } };
        const peers = await on("server", "docker exec isard-vpn wg show");
        assert.match(peers, /allowed ips: 10\.1\.0\.2\/32\n {2}latest handshake: /);
        assert.ok(peers.includes(`peer: ${wireguard.keys.public}\n`));
        assert.ok(!peers.includes(wireguard.keys.private));
        assert.match(await on("server", "docker exec isard-vpn ovs-vsctl show"), /^ {8}Port hyper-1$/m);
        assert.match(await on("h1", "docker exec isard-hypervisor ovs-vsctl show"), /Bridge ovsbr0/);
        site.sandbox.host("h1").desktops = 2;
        assert.match(await on("h1", "docker exec isard-hypervisor virsh list"), /desktop-2 +running/);
    });

    it("tells a container that was stopped from one that runs, and lets it be started again", async () => {
        const running = "docker inspect -f '{{.State.Running}}' isard-hypervisor";
        assert.equal(await on("h1", running), "true\n");
        await on("h1", "docker stop isard-hypervisor");
        assert.equal(await on("h1", running), "false\n");
        assert.match(await on("h1", "docker ps -a --format '{{.Names}} {{.Status}}'"), /^isard-hypervisor Exited/);
        assert.equal(await on("h1", "docker ps -q --format '{{.Names}}'"), "");
        assert.match((await asked("h1", "docker exec isard-hypervisor virsh list")).stderr, /is not running/);
        await on("h1", "docker start isard-hypervisor");
        await site.until("Online", () => site.row("hyper-1")?.status === "Online");
        const unknown = await asked("h1", "docker exec isard-web true");
        assert.deepEqual(
            [unknown.code, unknown.stderr],
            [1, "Error response from daemon: No such container: isard-web\n"],
        );
    });

    it("runs what else is typed into a container there, with its input and its exit code", async () => {
        const long = "x".repeat(200_000);
        assert.equal(await on("h1", "docker exec -i isard-hypervisor wc -c", long), "200000\n");
        assert.equal((await asked("h1", "docker exec isard-hypervisor sh -c 'exit 7'")).code, 7);
        assert.equal(
            await on("h1", "docker exec isard-hypervisor sh -c 'echo $HYPER_ID $API_DOMAIN'"),
            "h1 10.42.0.1\n",
        );
        assert.match(await on("server", "docker exec isard-engine cat /root/.ssh/known_hosts"), /^\[h1\]:2022 ssh-/);
        assert.equal(await on("server", "ls /root/.ssh/known_hosts 2>/dev/null || true"), "");
        assert.equal((await asked("server", "docker exec isard-engine wg show")).code, 127);
    });

    it("lets the engine out when its key is deleted in the container, and in when it is written there", async () => {
        const keys = await on("h1", "docker exec isard-hypervisor cat /root/.ssh/authorized_keys");
        await on("h1", "docker exec isard-hypervisor sh -c ': >/root/.ssh/authorized_keys'");
        await on("h1", "docker stop isard-hypervisor && docker start isard-hypervisor");
        await site.until("Error", () => site.row("hyper-1")?.status === "Error");
        await on("h1", "docker exec -i isard-hypervisor tee /root/.ssh/authorized_keys", keys);
        await site.until("Online", () => site.row("hyper-1")?.status === "Online");
    });

    it("leads from the server to its database, as the change feed goes", async () => {
        const settings = { host: undefined, port: 28015, user: "admin", password: "", db: "isard" };
        const dial = (): Promise<Duplex> => machine("server").connect("172.31.255.13", 28015, call);
        const database = await openDatabase({ ...settings, tls: false, caCert: undefined }, dial, call.signal);
        assert.equal((await database.read(["hyper-1"])).get("hyper-1")?.status, "Online");
        database.close();
    });
});
