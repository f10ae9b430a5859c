import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionArgs } from "../../../../provider/connection";
import type { LabHost } from "../../../lab/host";
import { Lab } from "../../../lab/lab";
import { needsLab } from "../../../lab/skip";
import { asking, closeAll, failureOf, remotesWith } from "../asking";
import { Sshds } from "./sshds";

describe("the host keys of a real OpenSSH", function () {
    this.timeout(60_000);
    let lab: Lab;
    let host: LabHost;
    let sshds: Sshds;
    let folder: string;
    before(needsLab);
    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "trust-"));
        lab = await Lab.start();
        host = await lab.host("h1");
        sshds = new Sshds(host);
        await host.must(`cd /etc/ssh
ssh-keygen -q -t rsa -b 2048 -N '' -f rsa
ssh-keygen -q -t ed25519 -N '' -f authority
ssh-keygen -q -s authority -h -I h1 -n 127.0.0.1 ssh_host_ed25519_key.pub`);
    });
    after(async () => {
        await lab?.stop();
        rmSync(folder, { recursive: true });
    });
    afterEach(closeAll);

    const run = (connection: ConnectionArgs, changes: Partial<ConnectionArgs>) =>
        remotesWith()
            .open({ ...connection, privateKey: host.ssh.privateKey, ...changes })
            .run("echo in", asking());
    const keyOf = async (name: string): Promise<string> => (await host.must(`cat /etc/ssh/${name}.pub`)).trim();

    it("are accepted as ssh-keyscan prints them", async () => {
        const { connection, port } = await sshds.start();
        const hostKey = await host.must(`ssh-keyscan -p ${port} 127.0.0.1 2>&1`);
        assert.match(hostKey, /^# 127\.0\.0\.1:\d+ SSH-2\.0-OpenSSH/m);
        assert.match(hostKey, /^\[127\.0\.0\.1\]:\d+ ssh-ed25519 /m);
        assert.equal((await run(connection, { hostKey })).stdout, "in\n");
    });

    it("are refused where they are signed with SHA-1, which the message names", async () => {
        const hostKey = await keyOf("rsa");
        const old = await sshds.start("HostKey /etc/ssh/rsa", "HostKeyAlgorithms ssh-rsa");
        await failureOf(
            run(old.connection, { hostKey }),
            "unsupported",
            /the host signs its host key with ssh-rsa \(SHA-1\) alone, which is refused, as OpenSSH does\. .*rsa-sha2-512/,
        );
        const current = await sshds.start("HostKey /etc/ssh/rsa", "HostKeyAlgorithms rsa-sha2-512");
        assert.equal((await run(current.connection, { hostKey })).stdout, "in\n");
    });

    it("with a certificate need a line of their own, and the authority's is named", async () => {
        const { connection } = await sshds.start("HostCertificate /etc/ssh/ssh_host_ed25519_key-cert.pub");
        const knownHosts = join(folder, "known_hosts");
        const authority = `@cert-authority *,[127.0.0.1]:* ${await keyOf("authority")}`;
        writeFileSync(knownHosts, `# first\n${authority}\n`);
        const { message } = await failureOf(
            run(connection, { knownHosts }),
            "host-key",
            /which no known_hosts file lists \(the @cert-authority in \S+known_hosts:2 is not used/,
        );
        const line = /add this line to \S+: (.*) \(or set/.exec(message)?.[1] ?? "";
        assert.ok(line.endsWith(host.ssh.hostKey.split(" ").slice(0, 2).join(" ")), line);
        writeFileSync(knownHosts, `${authority}\n${line}\n`);
        assert.equal((await run(connection, { knownHosts })).stdout, "in\n");
    });
});
