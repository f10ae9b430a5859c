import { strict as assert } from "node:assert";
import type { ConnectionArgs } from "../../../provider/connection";
import { Lab } from "../../lab/lab";
import type { LabHost } from "../../lab/host";
import { needsLab } from "../../lab/skip";
import { asking, closeAll, failureOf, remotesWith } from "./asking";

const PASSWORD = "s3cret-of-the-operator";

/** Not by a signal, after which nothing listens for a moment: dials without pauses would all fall into it. */
const startAnew = `p=$(pgrep -o -x sshd); kill $p; while [ -e /proc/$p/exe ]; do sleep 0.02; done; /usr/sbin/sshd -f /etc/ssh/sshd_config`;

describe("a machine with a real OpenSSH", function () {
    this.timeout(120_000);
    let lab: Lab;
    let host: LabHost;
    let behind: LabHost;
    let root: ConnectionArgs;
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        [host, behind] = await Promise.all([lab.host("h1"), lab.host("h2")]);
        root = await host.connection();
        await host.must(`sh -es`, {
            input: `
for user in oper nopass denied noshell; do
    useradd -m -s /bin/bash $user
    mkdir -p -m 700 /home/$user/.ssh
    cp /root/.ssh/authorized_keys /home/$user/.ssh/
    chown -R $user /home/$user
    echo "$user:${PASSWORD}" | chpasswd
done
usermod -s /usr/sbin/nologin noshell
printf '%s\\n' 'oper ALL=(ALL) ALL' 'nopass ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/lab
chmod 440 /etc/sudoers.d/lab
`,
        });
    });
    after(async () => lab?.stop());
    afterEach(closeAll);

    const run = (connection: ConnectionArgs, script = "id -u", input?: string) =>
        remotesWith().open(connection).run(script, asking(), input);

    it("runs commands as root, and carries hostile text", async () => {
        const input = 'it\'s "$(id)" `x`\n\\ñ\u0001\u0088\r\n%s no newline at the end';
        assert.deepEqual(await run(root, "cat; id -u >&2; exit 9", input), { code: 9, stdout: input, stderr: "0\n" });
        assert.equal((await run(root, "cat", input.repeat(50_000))).stdout.length, input.length * 50_000);
    });

    it("finds the programs of an administrator, in plain English", async () => {
        const { stdout } = await run(root, "command -v iptables; command -v sshd; echo $LC_ALL");
        assert.match(stdout, /iptables\n.*sshd\nC\n/);
    });

    it("becomes root through sudo, with a password and without", async () => {
        assert.equal((await run({ ...root, user: "nopass" })).stdout, `${await uid("nopass")}\n`);
        assert.equal((await run({ ...root, user: "nopass", sudo: true })).stdout, "0\n");
        // not asked for, the password must not become a command
        const spare = await run({ ...root, user: "nopass", sudo: true, password: PASSWORD }, "id -u; echo done");
        assert.deepEqual(spare, { code: 0, stdout: "0\ndone\n", stderr: "" });
        const asked = await run({ ...root, user: "oper", sudo: true, password: PASSWORD }, "id -u; cat", "in\n");
        assert.deepEqual(asked, { code: 0, stdout: "0\nin\n", stderr: "" });
    });

    it("says what sudo minds", async () => {
        const cases: [Partial<ConnectionArgs>, RegExp][] = [
            [{ user: "oper" }, /sudo asks for a password\. Set password, or allow it .*: oper ALL=/],
            [{ user: "oper", password: "wrong-s3cret" }, /sudo refuses the password\. Correct password/],
            [{ user: "denied", password: PASSWORD }, /sudo does not permit this user to become root/],
        ];
        for (const [changes, message] of cases) {
            await failureOf(run({ ...root, sudo: true, ...changes }), "forbidden", message, ["s3cret"]);
        }
    });

    it("says that a user has no shell", async () => {
        await failureOf(
            run({ ...root, user: "noshell" }),
            "unexpected-answer",
            /gives no shell \(exit 1\): .*not available/,
        );
    });

    it("works under use_pty, which is sudo's default of today", async () => {
        await host.must("echo 'Defaults use_pty' >/etc/sudoers.d/pty; chmod 440 /etc/sudoers.d/pty");
        try {
            const connection = { ...root, user: "oper", sudo: true, password: PASSWORD };
            const result = await run(connection, "cat; echo err >&2; exit 4", "in");
            assert.deepEqual(result, { code: 4, stdout: "in", stderr: "err\n" });
        } finally {
            await host.must("rm /etc/sudoers.d/pty");
        }
    });

    it("logs in with a password, and names what the host takes", async () => {
        const connection = { ...root, privateKey: undefined, user: "oper", password: PASSWORD };
        await host.must(
            `printf 'PasswordAuthentication yes\\nKbdInteractiveAuthentication no\\nUsePAM no\\n' >/etc/ssh/sshd_config.d/a.conf; ${startAnew}`,
        );
        assert.equal((await run(connection, "id -un")).stdout, "oper\n");
        await failureOf(
            run({ ...connection, password: "wrong-s3cret" }),
            "unauthorized",
            /tried were the password, the host takes publickey, password/,
            ["s3cret"],
        );
    });

    it("shows neither password nor script nor input in any process", async () => {
        const remote = remotesWith().open({ ...root, user: "oper", sudo: true, password: PASSWORD });
        const running = remote.run(
            "until [ -e /run/go ]; do sleep 0.5; done # hidden-script",
            asking(),
            "hidden-input",
        );
        const seen: string[] = [];
        const isSeen = (what: string): boolean => seen.some((each) => each.includes(what));
        for (let looks = 0; looks < 500 && !(isSeen("sudo") && isSeen("sleep 0.5")); looks += 1)
            seen.push(await host.must("cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '; true"));
        await host.must(": >/run/go");
        await running;
        assert.ok(isSeen("sudo"), "sudo was never seen");
        assert.ok(isSeen("sleep 0.5"), "the command was never seen");
        for (const secret of [PASSWORD, "hidden-script", "hidden-input"])
            assert.ok(!seen.join().includes(secret), secret);
    });

    it("ends a command that takes too long, sudo or not", async () => {
        for (const changes of [{}, { user: "oper", sudo: true, password: PASSWORD }]) {
            const remote = remotesWith().open({ ...root, ...changes });
            await failureOf(remote.run("sleep 4321", asking({ timeoutMs: 1500 })), "timeout", /within 1\.5 s/);
            const script =
                "for i in $(seq 100); do pgrep -f '[s]leep 4321' >/dev/null || exit 0; sleep 0.1; done; exit 1";
            assert.equal((await host.exec(script)).code, 0);
            assert.equal((await remote.run("echo next", asking())).stdout, "next\n");
        }
    });

    it("takes a hundred commands at once on one connection, where MaxSessions is two", async () => {
        await host.must(`echo 'MaxSessions 2' >/etc/ssh/sshd_config.d/b.conf; ${startAnew}`);
        const remotes = remotesWith();
        const results = await Promise.all(
            Array.from({ length: 100 }, (_, index) =>
                remotes.open(root).run(`echo ${index} $SSH_CONNECTION`, asking()),
            ),
        );
        const ports = new Set(results.map(({ stdout }) => stdout.split(" ").slice(1).join(" ")));
        assert.deepEqual(
            results.map(({ stdout }) => Number(stdout.split(" ")[0])),
            [...results.keys()],
        );
        assert.equal(ports.size, 1);
        await host.must(`rm /etc/ssh/sshd_config.d/b.conf; ${startAnew}`);
    });

    it("is a jump host for another, and says when it may not be", async () => {
        const { user, hostKey, privateKey } = behind.ssh;
        const connection = { host: behind.address, user, hostKey, privateKey, proxy: root, dialErrorLimit: 1 };
        assert.equal((await run(connection, "hostname")).stdout, "h2\n");
        const stream = await remotesWith().open(root).connect(behind.address, 22, asking());
        const banner = await new Promise((resolve) => stream.once("data", (chunk) => resolve(String(chunk))));
        assert.match(String(banner), /^SSH-2\.0-OpenSSH/);
        stream.destroy();
        await failureOf(run({ ...connection, port: 23 }), "ssh-unreachable", /:23: the connection was refused/);
        await host.must(`echo 'AllowTcpForwarding no' >/etc/ssh/sshd_config.d/c.conf; ${startAnew}`);
        await failureOf(
            run(connection),
            "forbidden",
            /the jump host refuses to forward the connection\. Allow it there/,
        );
        await failureOf(
            remotesWith().open(root).connect(behind.address, 22, asking()),
            "forbidden",
            /the host's sshd refuses to forward/,
        );
        await host.must(`rm /etc/ssh/sshd_config.d/c.conf; ${startAnew}`);
    });

    async function uid(user: string): Promise<string> {
        return (await host.must(`id -u ${user}`)).trim();
    }
});
