import assert from "node:assert/strict";
import { needsLab } from "../lab/skip";
import { basis, BareMachine, commandsOf } from "./machine";

const path = "/opt/isard/src";

describe("HypervisorHost's commands on a machine with a Docker engine", function () {
    this.timeout(600_000);
    let machine: BareMachine;
    const sh = (script: string): Promise<string> => machine.server.host.must(script, { timeoutMs: 60_000 });
    const environment = (container: string, key: string) => machine.server.environment(container, key);
    before(needsLab);
    before(async () => {
        machine = await BareMachine.start();
    });
    after(async () => await machine?.stop());

    it("tells everything that the machine lacks, and changes nothing", async () => {
        const { host } = machine.server;
        host.spawn("exec nc.openbsd -l -k 80");
        await host.must("until ss -Hltn 'sport = :80' | grep -q .; do sleep 0.1; done");
        const { code, stderr } = await machine.run(
            commandsOf({
                capabilities: { hypervisor: true },
                vlans: { trunkInterface: "eth7" },
                tunnels: { mtu: 9000 },
            }).check.create,
        );
        await host.must("kill $(ss -Hltnp 'sport = :80' | sed 's/.*pid=\\([0-9]*\\).*/\\1/')");
        assert.notEqual(code, 0);
        for (const told of [
            /shows no virtualisation\. Turn on|there is no \/dev\/kvm\. Load/,
            /port 80\/tcp is taken\. Stop/,
            /eth0 has an MTU of 1500, less than 9000\. Raise it/,
            /'?\/opt\/isard\/templates is no mounted folder/,
            /storage_pools is no mounted folder/,
            /there is no interface eth7\. Correct vlans\.trunkInterface/,
        ])
            assert.match(stderr, told);
        for (const line of stderr.trim().split("\n"))
            assert.match(line, /^Unable to make this machine a hypervisor host: /);
        assert.equal(await sh(`ls -A ${path}`), "");
    });

    it("makes a bare machine a host: containers at their addresses, with the values of the cfg", async () => {
        await machine.mountStorage();
        await machine.up({});
        for (const [name, last] of [
            ["isard-hypervisor", 17],
            ["isard-squid", 19],
            ["isard-storage", 21],
            ["isard-video", 22],
            ["isard-websockify", 27],
        ] as const) {
            const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
            assert.equal((await sh(`docker inspect -f '${format}' ${name}`)).trim(), `172.31.255.${last}`);
        }
        assert.equal(await environment("isard-hypervisor", "HYPER_ID"), "h1");
        assert.equal(await environment("isard-hypervisor", "CAPABILITIES_HYPER"), "false");
        assert.equal(await environment("isard-hypervisor", "API_HYPERVISORS_SECRET"), "hunter-22");
        assert.equal((await sh(`stat -c %a ${path}/isardvdi.cfg`)).trim(), "600");
        const commit = (folder: string, of: string): Promise<string> =>
            sh(`git -c safe.directory=${folder} -C ${folder} rev-parse ${of}^{commit}`);
        assert.equal(await commit(path, "HEAD"), await commit("/srv/isardvdi.git", "v1.0.0"));
    });

    it("finds a trunk's interface in the container that has taken it, and misses one that is nowhere", async () => {
        const checked = (trunkInterface: string): Promise<string> =>
            machine.run(commandsOf({ vlans: { trunkInterface } }).check.create).then(({ stderr }) => stderr);
        assert.match(await checked("card.7"), /there is no interface card\.7\. Correct vlans\.trunkInterface/);
        const pid = "$(docker inspect -f '{{.State.Pid}}' isard-hypervisor)";
        await sh(`ip link add card.7 type veth peer name wire7; ip link set card.7 netns ${pid}`);
        assert.equal(await sh("ls /sys/class/net | grep -c card || true"), "0\n");
        assert.equal(await checked("card.7"), "");
        assert.match(await checked("card07"), /there is no interface card07/);
        assert.match(await checked("ard.7"), /there is no interface ard\.7/);
        await sh("ip link delete wire7");
    });

    it("runs nothing for an unchanged program, and recreates nothing when all is run again", async () => {
        assert.deepEqual(await machine.up({}, {}), []);
        const before = await machine.server.containers();
        await machine.up({});
        assert.deepEqual(await machine.server.recreated(before), []);
    });

    it("lets through just the listed ports, after two services alone were recreated", async () => {
        const before = await machine.server.containers();
        const ran = await machine.up({ videoPorts: "5900-6000" }, {});
        assert.deepEqual(ran, ["cfg", "build", "isard-websockify", "isard-squid", "others", "containers"]);
        assert.deepEqual(await machine.server.recreated(before), ["isard-squid", "isard-websockify"]);
        assert.equal(await machine.server.allows("isard-hypervisor", 5950), true);
        assert.equal(await machine.server.allows("isard-hypervisor", 6001), false);
    });

    it("would recreate the hypervisor as well by a plain up, with the same change", async () => {
        await machine.must(commandsOf({}).build);
        const before = await machine.server.containers();
        await sh(`cd ${path}; docker compose up -d 2>/dev/null || docker-compose up -d 2>/dev/null`);
        assert.ok((await machine.server.recreated(before)).includes("isard-hypervisor"));
    });

    it("changes the release, and recreates what the new one builds otherwise", async () => {
        const ran = await machine.up({ videoPorts: "5900-6000", release: "v1.1.0" }, { videoPorts: "5900-6000" });
        assert.ok(ran.includes("source") && ran.includes("build") && !ran.includes("cfg"), ran.join());
        assert.equal(await sh(`cat ${path}/release`), "later\n");
    });

    it("finishes a checkout that was cut off, and refuses one with changes of somebody else", async () => {
        await sh(`: >${path}/.git/pulumi-isardvdi-begun; : >${path}/.git/index.lock; rm ${path}/build.sh`);
        assert.match(await machine.must(commandsOf({ release: "v1.1.0" }).source), /^[0-9a-f]{40}\n$/);
        await sh(`[ -x ${path}/build.sh ]; echo '# mine' >>${path}/build.sh`);
        const { stderr } = await machine.run(commandsOf({}).source.create);
        assert.match(
            stderr,
            /^Unable to check out IsardVDI in \/opt\/isard\/src: it has changes of its own: build\.sh\. Commit/m,
        );
        await sh(`sed -i '$d' ${path}/build.sh`);
        const other = await machine.run(commandsOf({ repository: "/srv/other.git" }).source.create);
        assert.match(other.stderr, /it is a checkout of \/srv\/isardvdi\.git\. Give that as repository/);
        const none = await machine.run(commandsOf({ release: "v9.9.9" }).source.create);
        assert.match(none.stderr, /gives no v9\.9\.9\. Correct release/);
    });

    it("says what a container said that does not stay up, without a credential", async () => {
        await sh(
            `sed -i 's/^VIDEO_HYPERVISOR_PORTS=.*/VIDEO_HYPERVISOR_HOSTNAMES=hunter-22.example/' ${path}/isardvdi.cfg; cd ${path} && ./build.sh`,
        );
        const { code, stderr } = await machine.run(commandsOf({}).services["isard-squid"]?.create);
        assert.notEqual(code, 0);
        assert.match(stderr, /Bad host\/IP: '\[secret\]\.example'/);
        assert.match(stderr, /Unable to start isard-squid: it does not stay up/);
        await sh("echo 'cannot pull with hunter-22' >/opt/isard/src/build.fails");
        const built = await machine.run(commandsOf({}).build.create);
        assert.match(built.stderr, /cannot pull with \[secret\]\nUnable to build IsardVDI/);
        await sh("rm /opt/isard/src/build.fails");
        await machine.up({}, { videoPorts: "5900-6000" });
    });

    it("finds a container that is not where the forwards lead", async () => {
        const { stderr } = await machine.run(commandsOf({ dockerNet: "172.18.0" }).look.create);
        assert.match(
            stderr,
            /^Unable to find the containers where the forwards lead: isard-hypervisor is at 172\.31\.255\.17, and not at 172\.18\.0\.17: correct dockerNet;/,
        );
        await sh("docker stop isard-video; docker rename isard-storage other");
        const { stderr: stopped } = await machine.run(commandsOf({}).look.create);
        await sh("docker start isard-video; docker rename other isard-storage");
        assert.equal(
            stopped,
            "Unable to find the containers where the forwards lead: isard-storage is gone: look at docker ps -a there; isard-video is stopped: look at docker ps -a there.\n",
        );
    });

    it("writes over no cfg of somebody else", async () => {
        await sh(`sed -i 1d ${path}/isardvdi.cfg`);
        const theirs = await sh(`cat ${path}/isardvdi.cfg`);
        const { stderr } = await machine.run(commandsOf({}).configuration.create, "anything\n");
        assert.match(
            stderr,
            /isardvdi\.cfg: it is there already, and was not written by pulumi-isardvdi\. Move it away/,
        );
        assert.equal((await machine.run(commandsOf({}).configuration.delete)).code, 0);
        assert.equal(await sh(`cat ${path}/isardvdi.cfg`), theirs);
        await sh(`rm ${path}/isardvdi.cfg`);
    });

    it("leaves the disks and the checkout when it is taken down, and no container and no credential", async () => {
        await machine.up({});
        await sh("echo disk >/opt/isard/groups/disk.qcow2");
        await machine.destroy({});
        assert.deepEqual(await machine.server.containers(), {});
        assert.equal(await sh("docker network ls --format '{{.Name}}' | grep -c isard || true"), "0\n");
        assert.equal(await sh("cat /opt/isard/groups/disk.qcow2"), "disk\n");
        assert.equal(
            await sh(`grep -rl ${basis.hypervisorsSecret as string} /opt/isard --exclude-dir=.git || true`),
            "",
        );
        // and from there it is built again
        await machine.up({ flavour: "hypervisor-standalone" });
        assert.deepEqual(Object.keys(await machine.server.containers()).sort(), ["isard-hypervisor", "isard-storage"]);
    });
});
