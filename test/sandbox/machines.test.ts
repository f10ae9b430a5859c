import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { type Sandbox, startSandbox } from "../../sandbox";
import { openRemotes, type Remotes } from "../../provider/remote";
import { silentLog } from "../../provider/world";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { HYPERVISOR, type Reply, rig, type Rig } from "./client";

const ITEM = "/api/v4/admin/item/hypervisor";

/** As an operator would by hand: the manual's rule, and the accept that Docker needs. */
const forward = (flag: "A" | "D"): string =>
    `iptables -t nat -${flag} PREROUTING -p tcp --dport 2022 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.31.255.17:2022 && ` +
    `iptables -${flag === "A" ? "I" : "D"} DOCKER-USER -p tcp -d 172.31.255.17 --dport 2022 -j ACCEPT`;

describe("a sandbox whose hosts are machines", function () {
    this.timeout(60_000);
    let site: Rig;
    before(needsLab);
    before(async () => {
        site = await rig({ machines: true, packages: packages(), hosts: ["h1", "h2"], timeScale: 50 });
    });
    after(async () => {
        await remotes.close();
        await site?.sandbox.stop();
    });

    const remotes = openRemotes();
    const on = (name: string, command: string): Promise<string> => onHost(site.sandbox, name, command, remotes);
    const register = (fields = {}): Promise<Reply> => site.call("POST", ITEM, { ...HYPERVISOR, ...fields });

    it("lets an operator in to each of them and to the server, all behind Docker's rules", async () => {
        assert.deepEqual(Object.keys(site.sandbox.connections()).sort(), ["h1", "h2", "server"]);
        for (const name of ["h1", "h2", "server"]) assert.equal(await on(name, "hostname"), `${name}\n`);
        for (const name of ["h1", "server"]) assert.match(await on(name, "iptables -S FORWARD"), /^-P FORWARD DROP/);
        const [id1, id2] = await Promise.all(["h1", "h2"].map((name) => on(name, "cat /etc/machine-id")));
        assert.notEqual(id1, id2);
    });

    it("shows the hypervisor's sshd to its own host alone", async () => {
        assert.match(await on("h1", banner("172.31.255.17")), /^SSH-2.0-OpenSSH_9.6/);
        assert.equal(await on("server", banner(site.sandbox.host("h1").address)), "");
        // not even to who knows the way
        await on("server", `ip route add 172.31.255.17/32 via ${site.sandbox.host("h1").address}`);
        assert.equal(await on("server", banner("172.31.255.17")), "");
        await on("server", "ip route del 172.31.255.17/32");
    });

    it("does not register what no forward leads to, and brings it Online through one made by hand", async () => {
        const refused = await register();
        assert.equal(refused.status, 404);
        assert.match(JSON.stringify(refused.body), /Unable to ssh-keyscan/);
        assert.equal(await on("h1", `${forward("A")} && echo done`), "done\n");
        assert.equal((await register()).status, 200);
        await site.call("PUT", `${ITEM}/hyper-1`, { enabled: true });
        await site.until("Online", () => site.row("hyper-1")?.status === "Online");
        assert.equal((await register({ hyper_id: "hyper-2", hostname: "h2" })).status, 404);
    });

    it("loses it when the forward is taken away, and gets it back", async () => {
        assert.equal(await on("h1", `${forward("D")} && echo done`), "done\n");
        site.sandbox.host("h1").closeSsh();
        site.sandbox.host("h1").openSsh();
        await site.until("Error", () => site.row("hyper-1")?.detail === "Hypervisor not reachable");
        assert.equal(await on("h1", `${forward("A")} && echo done`), "done\n");
        await site.until("Online", () => site.row("hyper-1")?.status === "Online");
    });

    it("really closes its sshd's port, and opens it again", async () => {
        const probe = "timeout 1 bash -c '</dev/tcp/172.31.255.17/2022' 2>&1 | grep -om1 refused";
        site.sandbox.host("h1").closeSsh();
        assert.equal(await on("h1", probe), "refused\n");
        site.sandbox.host("h1").openSsh();
        await site.until("Online", () => site.row("hyper-1")?.status === "Online");
        // the engine may not have noticed, so that Online says nothing of the port
        const opened = `for _ in $(seq 20); do [ "$(${probe})" = refused ] || exit 0; sleep 0.5; done; echo refused`;
        assert.equal(await on("h1", opened), "");
    });

    it("is one of several, which do not notice each other, and leaves nothing behind", async () => {
        const before = { children: children(), mounts: mounts() };
        const other = await startSandbox({ machines: true, packages: packages(), hosts: ["h1", "h2"] });
        assert.equal(other.host("h1").address, site.sandbox.host("h1").address);
        const theirs = openRemotes();
        await onHost(other, "h1", "echo theirs >/etc/mine", theirs);
        assert.equal(await on("h1", "cat /etc/mine 2>/dev/null || true"), "");
        assert.ok(children().length > before.children.length);
        await theirs.close();
        await other.stop();
        // what an earlier command has started may have ended meanwhile
        assert.deepEqual(
            children().filter((each) => !before.children.includes(each)),
            [],
        );
        assert.equal(mounts(), before.mounts);
        assert.equal(await on("h1", "hostname"), "h1\n");
    });

    it("takes in another host while it runs", async () => {
        site.sandbox.addHost("h3");
        await site.until("ready", () => site.sandbox.connections()["h3"] !== undefined);
        assert.equal(await on("h3", "hostname"), "h3\n");
    });
});

const banner = (address: string): string =>
    `timeout 1 bash -c 'exec 3<>/dev/tcp/${address}/2022; head -n 1 <&3' 2>/dev/null`;

/** Through the server, as the connection says. */
async function onHost(sandbox: Sandbox, name: string, command: string, remotes: Remotes): Promise<string> {
    const connection = sandbox.connections()[name];
    assert.ok(connection, `no way to log in to ${name}`);
    const call = { signal: new AbortController().signal, log: silentLog };
    return (await remotes.open(connection).run(command, call)).stdout;
}

/** Every process on this machine that descends from this one, and the namespaces that they are in. */
function children(): string[] {
    const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const parents = new Map(all.map((pid) => [pid, /\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1] ?? ""]));
    const isOurs = (pid: string): boolean => {
        for (let at = parents.get(pid); at !== undefined && at !== ""; at = parents.get(at))
            if (at === String(process.pid)) return true;
        return false;
    };
    return all
        .filter((pid) => isOurs(pid) && !read(`/proc/${pid}/stat`).includes(") Z "))
        .map((pid) => `${pid} ${link(`/proc/${pid}/ns/net`)}`);
}

const mounts = (): string => readFileSync("/proc/self/mountinfo", "utf8");

function read(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch {
        return "";
    }
}

function link(path: string): string {
    try {
        return readlinkSync(path);
    } catch {
        return "";
    }
}
