import assert from "node:assert/strict";
import { needsLab } from "../lab/skip";
import { BareMachine, commandsOf } from "./machine";

const path = "/opt/isard/src";
const memory = `${path}/.pulumi-isardvdi/runs-with`;
const narrow = { videoPorts: "5900-6000" };
const later = { ...narrow, viewer: { html5Port: 8443 } };

/** With another connection @pulumi/command runs every text again, and so it does with another release of ours. */
describe("HypervisorHost's commands, run again on a host that has a build pending", function () {
    this.timeout(600_000);
    let machine: BareMachine;
    const sh = (script: string): Promise<string> => machine.server.host.must(script, { timeoutMs: 120_000 });
    const environment = (container: string, key: string) => machine.server.environment(container, key);
    before(needsLab);
    before(async () => {
        machine = await BareMachine.start();
        await machine.mountStorage();
        // each service is watched for 3 s after its start, which host.test.ts sees to
        await sh("ln -s /bin/true /usr/local/bin/sleep; [ $(command -v sleep) = /usr/local/bin/sleep ]");
        await machine.up({});
        // isard-hypervisor and isard-video are given every value, and read this one no more than isard-storage does
        await machine.up(narrow, {});
        assert.equal(await environment("isard-hypervisor", "VIDEO_HYPERVISOR_PORTS"), "5900-7899");
    });
    after(async () => await machine?.stop());

    it("recreates nothing, as often as it is", async () => {
        const before = await machine.server.containers();
        await machine.up(narrow);
        await machine.up(narrow);
        assert.deepEqual(await machine.server.recreated(before), []);
    });

    it("recreates nothing on a host that remembers nothing, as one of 0.1.0, nor afterwards", async () => {
        const before = await machine.server.containers();
        await sh(`rm -r ${memory}`);
        const said = await machine.heard(narrow);
        assert.deepEqual(await machine.server.recreated(before), []);
        assert.equal(said, "", "nothing that a service reads is another");
        await machine.up(narrow);
        assert.deepEqual(await machine.server.recreated(before), []);
    });

    it("recreates what reads a value that changes together with the release of ours", async () => {
        const before = await machine.server.containers();
        await sh(`rm -r ${memory}`);
        await machine.up(later);
        assert.deepEqual(await machine.server.recreated(before), ["isard-hypervisor", "isard-video"]);
        assert.equal(await environment("isard-video", "VIEWER_BROWSER"), "8443");
    });

    it("leaves a container that runs with another value, and names the key alone", async () => {
        const before = await machine.server.containers();
        // an older release of ours was killed between the build and the service
        await sh(`rm -r ${memory}; cd ${path}; echo API_ISARDVDI_SECRET=hunter-23 >>isardvdi.cfg; ./build.sh`);
        await sh(`sed -i s/^DOMAIN=.*/DOMAIN=other.example.org/ ${path}/isardvdi.cfg; cd ${path}; ./build.sh`);
        const { code, stderr } = await machine.run(commandsOf(later).services["isard-hypervisor"]?.create);
        assert.equal(code, 0, stderr);
        assert.match(
            stderr,
            /^warning: isard-hypervisor was built before with another value of( DOMAIN| API_ISARDVDI_SECRET){1,2}, and goes on with that/,
        );
        assert.doesNotMatch(stderr, /hunter|other\.example/);
        assert.deepEqual(await machine.server.recreated(before), []);
        await sh(`rm -r ${memory}`);
        await machine.up(later);
    });

    it("recreates nothing when the memory is cut off", async () => {
        const before = await machine.server.containers();
        for (const damage of [
            `: >${memory}/isard-hypervisor`,
            `sed -i '$d' ${memory}/isard-hypervisor`,
            `sed -i '1,$d; $a = c0ffee' ${memory}/isard-hypervisor`,
        ]) {
            await sh(damage);
            await machine.must(commandsOf(later).services["isard-hypervisor"]);
            assert.deepEqual(await machine.server.recreated(before), [], damage);
        }
    });

    it("starts a container that was stopped, or taken away", async () => {
        const before = await machine.server.containers();
        await sh("docker stop isard-storage; docker rm -f isard-websockify");
        await machine.up(later);
        assert.deepEqual(await machine.server.recreated(before), ["isard-websockify"]);
        const running = await sh("docker ps --format '{{.Names}}'");
        for (const name of ["isard-storage", "isard-websockify"]) assert.match(running, new RegExp(`^${name}$`, "m"));
    });

    it("follows no tag that was moved since, until the release is another", async () => {
        const before = await machine.server.containers();
        const then = await sh(`cat ${path}/.git/HEAD`);
        await sh("git -c safe.directory='*' -C /srv/isardvdi.git tag -f v1.0.0 v1.1.0");
        await machine.up(later);
        assert.equal(await sh(`cat ${path}/.git/HEAD`), then);
        assert.deepEqual(await machine.server.recreated(before), []);
        await machine.must(commandsOf({ ...later, release: "v1.1.0" }).source);
        await machine.must(commandsOf(later).source);
        assert.notEqual(await sh(`cat ${path}/.git/HEAD`), then);
    });

    it("remembers no value, for root alone, and forgets with the host", async () => {
        assert.equal(await sh(`stat -c %a ${memory} ${memory}/* | sort -u`), "600\n700\n");
        assert.equal(await sh(`grep -rlE 'hunter|example' ${memory} || true`), "");
        await machine.destroy(later);
        assert.equal(await sh(`ls -A ${path}/.pulumi-isardvdi 2>/dev/null || true`), "");
    });
});
