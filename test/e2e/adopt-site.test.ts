import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packages } from "../lab/packages";
import { needsLab } from "../lab/skip";
import { spice } from "../sandbox/viewers";
import { compiled } from "./harness/example";
import { Hosts } from "./harness/hosts";
import { Site, until } from "./harness/site";
import type { Stack } from "./harness/stack";

const CLI = resolve(__dirname, "../../dist/cli/main.js");
const EXAMPLE = resolve(__dirname, "../../examples/adopt/index.ts");
/** As the manual says, and what Docker needs besides. */
const forward = (ports: string): string =>
    `iptables -t nat -A PREROUTING -p tcp --dport ${ports} -j DNAT --to-destination 172.31.255.17 &&
    iptables -I DOCKER-USER -p tcp -d 172.31.255.17 --dport ${ports} -j ACCEPT`;
const narrow = "-p tcp ! -s 192.0.2.0/24 --dport 8022 -j DNAT --to-destination 172.31.255.17:2022";

describe("a site that was built by hand", function () {
    this.timeout(300_000);
    let site: Site;
    let hosts: Hosts;
    let stack: Stack;
    const adopt = (...args: string[]) =>
        stack.program(process.execPath, CLI, "adopt", "--stack", "dev", ...args).finished;
    /** Without what the engine goes on writing. */
    const rows = (): unknown[] =>
        ["h1", "h2", "away"].map((id) => {
            const { stats: _s, prev_status: _p, status: _n, status_time: _t, detail: _d, ...row } = site.row(id) ?? {};
            const { pulumi_owner: _o, ...theirs } = row;
            return theirs;
        });
    const nat = async (name: string): Promise<string[]> =>
        (await hosts.on(name, "iptables-save -t nat | grep -- '--dport'")).trim().split("\n");
    before(needsLab);
    before(async () => {
        site = await Site.start({ machines: true, packages: packages(), hosts: ["h1", "h2", "h3"] });
        hosts = new Hosts(site.sandbox);
        const connections = JSON.stringify({ ...site.sandbox.connections(), h3: undefined });
        stack = await site.stack({ connections, server: "server" });
        for (const name of ["h1", "h2", "h3"]) await hosts.on(name, forward("2022"));
        await hosts.on("h2", `${forward("5900:7899")} && iptables -t nat -A PREROUTING ${narrow}`);
        await hosts.on(
            "server",
            `cd /opt/isard/src && printf 'VIDEO_HYPERVISOR_HOSTNAMES=h2\\nVIDEO_HYPERVISOR_PORTS=5900-7899\\n' >>isardvdi.cfg &&
            ./build.sh && docker compose up -d --no-deps isard-squid isard-websockify`,
        );
        await site.registered("h1", "h1");
        site.sandbox.host("h2").container.start({ FLAVOUR: "hypervisor-standalone", ONLY_FORCED_HYP: "true" });
        await until("h2 is Online", () => site.row("h2")?.["status"] === "Online");
        await site.registered("away", "h3");
        site.sandbox.host("h3").closeSsh();
        await until("away is seen", () => site.row("away")?.["status"] !== "Online");
    });
    after(async () => {
        await hosts?.close();
        await site?.stop();
    });

    it("is read into a program, with nothing changed, and what could not be looked at named", async () => {
        const before = await Promise.all(["h1", "h2"].map((name) => hosts.traces(name)));
        const cfg = await hosts.on("server", "cat /opt/isard/src/isardvdi.cfg; ls -A /opt/isard/src");
        site.writes();
        const { code, stdout, output } = await adopt("--out", "index.js");
        assert.equal(code, 2, "it writes over no file");
        assert.match(output, /Unable to write index\.js: it is there already/);
        assert.equal(stdout, "");
        const second = await adopt("--out", "site.ts");
        assert.equal(second.code, 0, second.output);
        assert.match(second.output, /^away: no connection is named away or leads to h3, .*--host away=NAME\.$/m);
        assert.deepEqual(await Promise.all(["h1", "h2"].map((name) => hosts.traces(name))), before);
        assert.equal(await hosts.on("server", "cat /opt/isard/src/isardvdi.cfg; ls -A /opt/isard/src"), cfg);
        assert.deepEqual(site.writes(), []);
        const program = readFileSync(join(stack.project, "site.ts"), "utf8");
        const seen = (text: string): string => text.replace(/\/\/ is \w+.*/, "");
        assert.equal(seen(program), seen(readFileSync(EXAMPLE, "utf8")), "examples/adopt is what the tool writes");
        assert.match(program, /no PortForward is equal to this rule.*-s 192\.0\.2\.0\/24/);
        assert.doesNotMatch(program, /PRIVATE KEY|127\.0\.0\.1/);
        assert.match(program, /h2: new isardvdi\.Hypervisor\("h2", \{[^}]*registration: "self"/);
    });

    it("is taken over by one up without a gap: records, forwards and the list of the video proxy", async () => {
        const records = rows();
        const program = readFileSync(join(stack.project, "site.ts"), "utf8");
        writeFileSync(join(stack.project, "index.js"), compiled(program));
        // a new connection every 20 ms, from the server to the host's own address
        const { address } = site.sandbox.host("h1");
        const attempts = hosts.on(
            "server",
            `good=0; bad=0
            until [ -e /run/taken-over ]; do
                if timeout 2 bash -c 'exec 3<>/dev/tcp/${address}/2022; read -t 2 line <&3' 2>/dev/null; then good=$((good + 1)); else bad=$((bad + 1)); fi
                sleep 0.02
            done; echo "$good $bad"`,
        );
        const { code, output } = await stack.up();
        await hosts.on("server", ": >/run/taken-over");
        assert.equal(code, 0, output);
        const [good = 0, bad = 0] = (await attempts).trim().split(" ").map(Number);
        console.log(`      ${good} connections while it was taken over, ${bad} lost`);
        assert.ok(good > 50 && bad === 0, `${good} good, ${bad} bad`);
        // whose each of the three is, and nothing else
        assert.deepEqual(site.writes(), Array<string>(3).fill("PUT /api/v4/admin/item/table/update/hypervisors"));
        assert.deepEqual(rows(), records);
        assert.ok((await nat("h1")).every((line) => line.includes("pulumi-isardvdi:")));
        assert.deepEqual(
            (await nat("h2"))
                .filter((line) => !line.includes("pulumi-isardvdi:"))
                .map((line) => line.includes("192.0.2.0/24")),
            [true],
        );
        assert.equal(await spice(site.sandbox.apiUrl, "h2", 5900), "RFB 003.008\n");
        await stack.deploy("--expect-no-changes");
    });

    it("has nothing more to adopt afterwards but what no forward is equal to", async () => {
        const { code, stdout, output } = await adopt();
        assert.equal(code, 0, output);
        assert.doesNotMatch(stdout, /new isardvdi\.(PortForward|VideoProxyConfig)/);
    });
});
