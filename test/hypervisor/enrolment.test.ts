import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { deliver } from "../../provider/hypervisor/host/deliver";
import { readKvmModule } from "../../provider/hypervisor/host/kvm";
import { enrolmentOf } from "../../provider/isardvdi/enrolment";
import { openRemotes } from "../../provider/remote";
import type { Remote } from "../../provider/remote/remote";
import { systemClock } from "../../provider/world";
import type { LabHost } from "../lab/host";
import { Lab } from "../lab/lab";
import { needsLab } from "../lab/skip";
import { testWorld } from "../world/world";

const certs = {
    "id_rsa.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 engine of the site\n",
    "ca-cert.pem": "-----BEGIN CERTIFICATE-----\nä$(id)'\"\n-----END CERTIFICATE-----\n",
    "server-key.pem": `-----BEGIN PRIVATE KEY-----\n${"k".repeat(5000)}\n-----END PRIVATE KEY-----\n`,
};

describe("the enrolment of a host, over SSH into its real container", function () {
    this.timeout(180_000);
    let lab: Lab;
    let host: LabHost;
    let remote: Remote;
    const remotes = openRemotes();
    const world = testWorld(systemClock);
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        host = await lab.host("h1", { docker: true });
        remote = remotes.open(await host.connection());
    });
    after(async () => {
        await remotes.close();
        await lab?.stop();
    });
    const inside = (command: string) => host.must(`docker exec isard-hypervisor sh -c '${command}'`);
    const authorized = () => inside("cat /root/.ssh/authorized_keys");

    it("brings the certificates, and the engine's key once, beside the keys that are there", async () => {
        await inside('/usr/bin/mkdir -p /root/.ssh; printf "ssh-rsa AAAA somebody else" >/root/.ssh/authorized_keys');
        for (let time = 0; time < 2; time += 1) await deliver(enrolmentOf(certs), remote, "h1", world);
        assert.equal(await authorized(), `ssh-rsa AAAA somebody else\n${certs["id_rsa.pub"]}`);
        for (const name of ["ca-cert.pem", "server-key.pem"] as const)
            assert.equal(await inside(`cat /etc/pki/libvirt-spice/${name}`), certs[name]);
        const other = { ...certs, "id_rsa.pub": "ssh-ed25519 AAAAother" };
        await deliver(enrolmentOf(other), remote, "h1", world);
        assert.match(await authorized(), /engine of the site\nssh-ed25519 AAAAother\n$/);
    });

    it("leaves nothing on the host itself, nor in the log", async () => {
        const found = await host.must("grep -rls kkkkkkkk /root /tmp /run /var/log /etc 2>/dev/null || true");
        assert.equal(found, "");
        assert.doesNotMatch(JSON.stringify(world.lines), /kkkk|PRIVATE/);
    });

    it("says what the container lacks", async () => {
        await inside("/usr/bin/rm -r /etc/pki; : >/etc/pki");
        await assert.rejects(deliver(enrolmentOf(certs), remote, "h1", world), /the container could not store them/);
        await host.must("docker stop -t 0 isard-hypervisor");
        await assert.rejects(deliver(enrolmentOf(certs), remote, "h1", world), /container does not run\. Start it/);
        await host.must("docker rm isard-hypervisor");
        await assert.rejects(
            deliver(enrolmentOf(certs), remote, "h1", world),
            /there is no isard-hypervisor container/,
        );
    });

    it("reads the virtualisation that this machine has", async () => {
        const flags = readFileSync("/proc/cpuinfo", "utf8");
        const module = /\bvmx\b/.test(flags) ? "intel" : /\bsvm\b/.test(flags) ? "amd" : undefined;
        const read = readKvmModule(remote, "h1", world);
        if (module) assert.equal(await read, module);
        else await assert.rejects(read, /neither a KVM module nor vmx or svm/);
    });
});
