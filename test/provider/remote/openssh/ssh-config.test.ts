import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfiguration } from "../../../../provider/configuration";
import { type ConnectionArgs, connectionOf } from "../../../../provider/connection";
import { openRemotes } from "../../../../provider/remote";
import type { LabHost } from "../../../lab/host";
import { Lab } from "../../../lab/lab";
import { needsLab } from "../../../lab/skip";
import { asking, failureOf, quickClock } from "../asking";
import { Sshds } from "./sshds";

describe("hosts that ~/.ssh/config knows, with a real OpenSSH", function () {
    this.timeout(60_000);
    let lab: Lab;
    let host: LabHost;
    let home: string;
    let gate: ConnectionArgs;
    let port: number;
    before(needsLab);
    before(async () => {
        home = mkdtempSync(join(tmpdir(), "ssh-config-"));
        mkdirSync(join(home, ".ssh"));
        lab = await Lab.start();
        host = await lab.host("h1");
        await host.must("useradd -m -s /bin/bash gate; cp -r /root/.ssh /home/gate; chown -R gate /home/gate");
        const sshds = new Sshds(host);
        ({ connection: gate } = await sshds.start());
        // from outside nothing leads there
        ({ port } = await sshds.start("ListenAddress 127.0.0.1"));
        const { hostKey, privateKey } = host.ssh;
        writeFileSync(join(home, ".ssh", "key"), privateKey, { mode: 0o600 });
        writeFileSync(
            join(home, ".ssh", "known_hosts"),
            `[127.0.0.1]:${gate.port} ${hostKey}\n[127.0.0.1]:${port} ${hostKey}\n`,
        );
    });
    after(async () => {
        await lab?.stop();
        rmSync(home, { recursive: true });
    });

    const config = (...lines: string[]): void => writeFileSync(join(home, ".ssh", "config"), lines.join("\n"));
    async function run(connection: ConnectionArgs): Promise<string> {
        const configuration = readConfiguration(() => undefined, { HOME: home });
        const remotes = openRemotes({ ssh: configuration.ssh, clock: quickClock });
        try {
            const remote = remotes.open(connectionOf({ dialErrorLimit: 1, ...connection }, configuration));
            return (await remote.run("echo $(id -un) $SSH_CONNECTION", asking())).stdout;
        } finally {
            await remotes.close();
        }
    }

    it("are reached by their alias, with its user, port, key and jump host", async () => {
        config(
            "Host inner",
            "  HostName 127.0.0.1",
            `  Port ${port}`,
            "  ProxyJump outer",
            "Host outer",
            "  HostName 127.0.0.1",
            `  Port ${gate.port}`,
            "  User gate",
            "Host *",
            "  IdentityFile ~/.ssh/key",
        );
        assert.match(await run({ host: "inner", sshConfig: true }), RegExp(`^root 127\\.0\\.0\\.1 .* ${port}\n$`));
        assert.match(await run({ host: "outer", sshConfig: true }), /^gate /);
        assert.match(await run({ host: "outer", user: "root", sshConfig: true }), /^root /);
    });

    it("are told as such where sshConfig is not set", async () => {
        config("Host inner.invalid", "  HostName 10.0.0.7", "Host *.invalid", "  User x");
        await failureOf(
            run({ host: "inner.invalid" }),
            "dns",
            /the name .*, and \S+\/\.ssh\/config has a Host of that name \(10\.0\.0\.7\)\. Set sshConfig: true in the connection/,
        );
        const { message } = await failureOf(run({ host: "other.invalid" }), "dns", /the name/);
        assert.doesNotMatch(message, /config/);
    });

    it("whose Match exec was left out say so when they cannot be reached", async () => {
        config("Match originalhost inner exec true", "  ProxyJump outer");
        await failureOf(
            run({ host: "127.0.0.1", port: 1, sshConfig: true }),
            "ssh-unreachable",
            /: the connection was refused\. /,
        );
        config("Match originalhost 127.0.0.1 exec true", "  ProxyJump outer");
        await failureOf(
            run({ host: "127.0.0.1", port: 1, sshConfig: true }),
            "ssh-unreachable",
            /: the connection was refused; of \S+config its block "Match exec" was left out\. /,
        );
    });
});
