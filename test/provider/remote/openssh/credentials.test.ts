import { strict as assert } from "node:assert";
import { copyFileSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { connect } from "node:net";
import type { SshDefaults } from "../../../../provider/configuration";
import type { ConnectionArgs } from "../../../../provider/connection";
import type { LabHost } from "../../../lab/host";
import { Lab } from "../../../lab/lab";
import { needsLab } from "../../../lab/skip";
import { asking, closeAll, failureOf, remotesWith } from "../asking";
import { Agent } from "./agent";
import { Sshds } from "./sshds";

const PASSWORD = "s3cret-of-the-operator";

describe("the credentials of a login at a real OpenSSH", function () {
    this.timeout(60_000);
    let lab: Lab;
    let host: LabHost;
    let sshds: Sshds;
    let agent: Agent;
    before(needsLab);
    before(async () => {
        agent = await Agent.start();
        lab = await Lab.start();
        host = await lab.host("h1");
        sshds = new Sshds(host);
        await host.must(`useradd -m -s /bin/bash oper; useradd -m -s /bin/bash -e 2001-01-01 left; useradd -m -s /bin/bash late
for user in oper left late; do mkdir -p -m 700 /home/$user/.ssh; echo '${PASSWORD}' | sed "s/^/$user:/" | chpasswd; done`);
        const keys = await Promise.all(Array.from({ length: 8 }, (_, index) => agent.make(`key${index}`)));
        await authorize(await agent.make("right"));
        await agent.add(...keys.map((_, index) => `key${index}`), "right");
    });
    after(async () => {
        await lab?.stop();
        await agent?.stop();
    });
    afterEach(closeAll);

    const authorize = (publicText: string) =>
        host.must(
            `for home in /root /home/oper /home/left /home/late; do
echo '${publicText}' >$home/.ssh/authorized_keys; chown -R "$(stat -c %U $home)" $home; done`,
        );
    const connection = async (settings: string[], changes: Partial<ConnectionArgs> = {}): Promise<ConnectionArgs> => ({
        ...(await sshds.start(...settings)).connection,
        hostKey: host.ssh.hostKey,
        ...changes,
    });
    const run = (to: ConnectionArgs, ssh: Partial<SshDefaults> = { agentSocketPath: agent.socket }) =>
        remotesWith(ssh).open(to).run("id -un", asking());

    describe("with nine keys in the agent", () => {
        it("say that the host hung up before the right one, and how to name it", async () => {
            const to = await connection([]);
            await failureOf(
                run(to),
                "unauthorized",
                /allows no more attempts \(MaxAuthTries\): tried were \d of the agent's 9 keys, and \d more were not\. Name the right key: identity .*privateKey/,
            );
            const right = (await host.must("cat /root/.ssh/authorized_keys")).trim();
            const print = (await host.must("ssh-keygen -lf /root/.ssh/authorized_keys")).split(" ")[1];
            for (const identity of ["right", right, print])
                assert.equal((await run({ ...to, identity })).stdout, "root\n", identity);
            await failureOf(
                run({ ...to, identity: "left" }),
                "unauthorized",
                /the agent has no key that identity names: it has "key0" \(ssh-ed25519\), .*Add it with ssh-add, or correct identity/,
            );
        });

        it("try those of the key files and those that name the host first", async () => {
            const to = await connection(["MaxAuthTries 1"]);
            const privateKeys = [agent.path("usual")];
            copyFileSync(`${agent.path("right")}.pub`, `${agent.path("usual")}.pub`);
            assert.equal((await run(to, { agentSocketPath: agent.socket, privateKeys })).stdout, "root\n");
            await agent.make("me@127.0.0.1");
            await agent.add("me@127.0.0.1");
            const named = readFileSync(`${agent.path("me@127.0.0.1")}.pub`, "utf8").trim();
            await host.must(`echo '${named}' >>/root/.ssh/authorized_keys`);
            assert.equal((await run(to)).stdout, "root\n");
        });
    });

    it("name a certificate in the agent, and use the key beside it", async () => {
        const certified = await Agent.start();
        const key = await certified.make("with-cert");
        await certified.make("authority");
        await certified.certify("with-cert", "authority");
        await certified.add("with-cert");
        const to = await connection([]);
        await failureOf(
            run(to, { agentSocketPath: certified.socket }),
            "unauthorized",
            /tried were the agent's "with-cert" \(ssh-ed25519\), .*; the agent's "with-cert" \(ssh-ed25519-cert-v01@openssh\.com\) was left out, for the SSH library here knows no such keys/,
        );
        await host.must(`echo '${key}' >>/root/.ssh/authorized_keys`);
        assert.equal((await run(to, { agentSocketPath: certified.socket })).stdout, "root\n");
        await certified.stop();
    });

    it("name the second factor, and give it where it is the password", async () => {
        const both = "AuthenticationMethods publickey,keyboard-interactive";
        const to = await connection([both, "KbdInteractiveAuthentication yes", "UsePAM yes"], { user: "oper" });
        const accepted =
            /the host accepted the agent's "right" \(ssh-ed25519\), and wants a second factor: keyboard-interactive/;
        const byAgent = { ...to, identity: "right" };
        await failureOf(run(byAgent), "unauthorized", accepted);
        const wrong = { ...byAgent, password: "wrong-s3cret" };
        await failureOf(run(wrong), "unauthorized", /second factor: .* \(it asks for "Password: "\)|"Password:"/, [
            "s3cret",
        ]);
        assert.equal((await run({ ...byAgent, password: PASSWORD })).stdout, "oper\n");
        const first = await connection(["AuthenticationMethods password,publickey", "PasswordAuthentication yes"], {
            user: "oper",
            password: PASSWORD,
            identity: "right",
        });
        assert.equal((await run(first)).stdout, "oper\n");
    });

    it("of root, for whom only forced commands are allowed, are accepted and of no use", async () => {
        // sshd says that it accepts the key while the half of it that has the last word hangs up
        const to = await connection(["PermitRootLogin forced-commands-only"], { identity: "right" });
        await failureOf(
            run(to),
            "ssh-unreachable",
            /the host (accepts the login of root and ends the connection then|ended the login, although it knows .*)\. PermitRootLogin forced-commands-only does that/,
        );
    });

    it("that the host knows and refuses are told apart from those that it does not know", async () => {
        const to = await connection(["PermitRootLogin no"], { identity: "right" });
        const known = /the host knows the agent's "right" \(ssh-ed25519\), and refuses the login of root all the same/;
        await failureOf(run(to), "unauthorized", known);
        const privateKey = readFileSync(agent.path("right"), "utf8");
        const byKey = /the host knows the private key \(ssh-ed25519\), and refuses .*\. Set PermitRootLogin/;
        await failureOf(run({ ...to, identity: undefined, privateKey }), "unauthorized", byKey);
        await failureOf(run({ ...to, identity: "key0" }), "unauthorized", /refused: tried were the agent's "key0"/);
    });

    it("of an account that has expired meet the host's own word, once", async () => {
        const to = await connection(["UsePAM yes"], { user: "left", identity: "right", dialErrorLimit: 3 });
        await failureOf(
            run(to),
            "forbidden",
            /the host ended the login, although it knows the agent's "right" \(ssh-ed25519\); it says: Your account has expired/,
        );
        await host.must("echo 'Authorized use only' >/etc/ssh/legal");
        const greeted = await connection(["UsePAM yes", "Banner /etc/ssh/legal"], { user: "left", identity: "right" });
        await failureOf(run(greeted), "forbidden", /\(ssh-ed25519\); it says: Your account has expired/);
        const { message } = await failureOf(run({ ...greeted, identity: "key0" }), "unauthorized", /was refused/);
        assert.doesNotMatch(message, /Authorized use/);
    });

    it("meet what nologin says, and are tried again while the host boots", async () => {
        const to = await connection(["UsePAM yes"], { user: "late", identity: "right", dialErrorLimit: 2 });
        const told = (text: string) => host.must(`echo '${text}' >/run/nologin`);
        await told("Closed for repairs until \u001b[31mMonday");
        await failureOf(run(to), "forbidden", /it says: Closed for repairs until Monday\. That is the host's own word/);
        await told("System is booting up. Unprivileged users are not permitted to log in yet.");
        await failureOf(run(to), "ssh-unreachable", /it says: System is booting up.* \(2 dials\)/);
        await host.must("rm /run/nologin");
        assert.equal((await run(to)).stdout, "late\n");
    });

    it("meet MaxStartups, which is blamed where the host says nothing at all", async () => {
        const to = await connection(["MaxStartups 1:100:1", "LoginGraceTime 30"], { identity: "right" });
        const idle = connect(to.port ?? 0, "127.0.0.1");
        await once(idle, "data");
        await failureOf(run(to), "ssh-unreachable", /closed the connection before it was ready\. .*MaxStartups/);
        idle.destroy();
    });
});
