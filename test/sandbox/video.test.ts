import { strict as assert } from "node:assert";
import { openRemotes } from "../../provider/remote";
import { silentLog } from "../../provider/world";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { rig, type Rig } from "./client";
import { html5, spice } from "./viewers";

const FORWARD =
    "iptables -t nat -A PREROUTING -p tcp --dport 5900:7899 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.31.255.17 && " +
    "iptables -I DOCKER-USER -p tcp -d 172.31.255.17 --dport 5900:7899 -j ACCEPT";
const GREETING = "RFB 003.008\n";

describe("the video proxy of a sandbox", function () {
    this.timeout(60_000);
    const remotes = openRemotes();
    let site: Rig;
    before(needsLab);
    before(async () => {
        site = await rig({ machines: true, packages: packages(), hosts: ["h1", "h2"], timeScale: 50 });
        for (const name of ["h1", "h2"]) await on(name, FORWARD);
    });
    after(async () => {
        await remotes.close();
        await site?.sandbox.stop();
    });

    const on = async (name: string, command: string): Promise<string> => {
        const connection = site.sandbox.connections()[name];
        assert.ok(connection, `no way to log in to ${name}`);
        const call = { signal: new AbortController().signal, log: silentLog };
        const { code, stdout, stderr } = await remotes.open(connection).run(command, call);
        assert.equal(code, 0, `${command}: ${stderr}`);
        return stdout;
    };
    /** By hand, as the manual says. */
    const list = (names: string, ports = "5900-7899"): Promise<string> =>
        on(
            "server",
            `cd /opt/isard/src && sed -i '/VIDEO_HYPERVISOR_/d' isardvdi.cfg &&
            printf 'VIDEO_HYPERVISOR_HOSTNAMES=${names}\\nVIDEO_HYPERVISOR_PORTS=${ports}\\n' >>isardvdi.cfg &&
            ./build.sh >/dev/null && docker compose up -d --no-deps isard-squid isard-websockify && docker ps`,
        );
    const ids = (): Promise<string> => on("server", "docker ps -a --format '{{.Names}} {{.ID}}'");

    it("has no squid while nobody is listed, for a server without a hypervisor of its own", async () => {
        assert.match(await on("server", "docker logs isard-squid"), /Bad host\/IP: 'isard-hypervisor'/);
        assert.doesNotMatch(await on("server", "docker ps"), /isard-squid/);
        assert.equal(await spice(site.sandbox.apiUrl, "h1", 5900), "503");
        assert.equal(await html5(site.sandbox.apiUrl, "h1", 5900), "refused");
    });

    it("leads SPICE to a network, a mask and a range of addresses, as squid reads them", async () => {
        const { apiUrl } = site.sandbox;
        const address = (await on("h1", "hostname -I")).split(" ")[0] ?? "";
        const net = address.replace(/\.\d+$/, "");
        for (const entry of [`${net}.0/24`, `${net}.0/255.255.255.0`, `${net}.1-${net}.254`, address]) {
            assert.match(await list(entry), /isard-squid/, entry);
            assert.equal(await spice(apiUrl, "h1", 5900), GREETING, entry);
        }
        assert.match(await list("192.0.2.0/24"), /isard-squid/);
        assert.equal(await spice(apiUrl, "h1", 5900), "403");
    });

    it("leads viewers to the hosts that are listed, and to no other", async () => {
        assert.match(await list("h1"), /isard-squid/);
        const { apiUrl } = site.sandbox;
        assert.equal(await spice(apiUrl, "h1", 5900), GREETING);
        assert.equal(await spice(apiUrl, "h2", 5900), "403");
        assert.equal(await html5(apiUrl, "h1", 5900), GREETING);
        assert.equal(await html5(apiUrl, "h2", 5900), "refused");
        // letter by letter, although it is the same host
        assert.equal(await spice(apiUrl, "h1.example.test", 5900), GREETING);
        assert.equal(await html5(apiUrl, "h1.example.test", 5900), "refused");
    });

    it("holds HTML5 viewers to the ports that are listed", async () => {
        await list("h1", "5901-7899,junk");
        assert.equal(await html5(site.sandbox.apiUrl, "h1", 5900), "refused");
        await list("h1", "5900");
        assert.equal(await html5(site.sandbox.apiUrl, "h1", 5900), GREETING);
    });

    it("is gone for all SPICE viewers with one name that does not resolve, and with no other service", async () => {
        await list("h1,h2");
        const before = await ids();
        assert.doesNotMatch(await list("h1,h9"), /isard-squid/);
        assert.equal(await spice(site.sandbox.apiUrl, "h1", 5900), "503");
        assert.equal(await html5(site.sandbox.apiUrl, "h1", 5900), GREETING);
        const changed = differing(before, await ids());
        assert.deepEqual(changed, ["isard-squid", "isard-websockify"]);
    });

    it("takes nothing up from the file without a build, and nothing from a build without an up", async () => {
        await list("h1");
        await on(
            "server",
            "cd /opt/isard/src && sed -i s/=h1/=h2/ isardvdi.cfg && docker compose up -d --no-deps isard-squid",
        );
        assert.equal(await spice(site.sandbox.apiUrl, "h2", 5900), "403");
        await on("server", "cd /opt/isard/src && ./build.sh && docker restart isard-squid");
        assert.equal(await spice(site.sandbox.apiUrl, "h2", 5900), "403");
        await on("server", "cd /opt/isard/src && docker compose up -d --no-deps isard-squid");
        assert.equal(await spice(site.sandbox.apiUrl, "h2", 5900), GREETING);
    });
});

const differing = (before: string, after: string): string[] => {
    const known = before.split("\n");
    return after
        .split("\n")
        .filter((line) => !known.includes(line))
        .map((line) => line.split(" ")[0] ?? "")
        .sort();
};
