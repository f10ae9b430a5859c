import { strict as assert } from "node:assert";
import type { ConnectionArgs } from "../../../../provider/connection";
import type { ErrorCode } from "../../../../provider/errors";
import type { LabHost } from "../../../lab/host";
import { Lab } from "../../../lab/lab";
import { needsLab } from "../../../lab/skip";
import { asking, closeAll, failureOf, remotesWith } from "../asking";

const NO_SHELL: ErrorCode = "unexpected-answer";

describe("the login shells of a real OpenSSH", function () {
    this.timeout(90_000);
    let lab: Lab;
    let host: LabHost;
    let root: ConnectionArgs;
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        host = await lab.host("h1");
        root = await host.connection();
    });
    after(async () => lab?.stop());
    afterEach(closeAll);

    const run = (changes: Partial<ConnectionArgs>) =>
        remotesWith()
            .open({ ...root, ...changes })
            .run("id -un", asking());
    /** A user of bash, whose own .bashrc is `startUp`, and whose key may have options. */
    const user = (name: string, startUp: string, keyOptions = "") =>
        host.must("sh -es", {
            input: `useradd -m -s /bin/bash ${name}
mkdir -m 700 /home/${name}/.ssh
{ printf '%s' '${keyOptions}'; cat /root/.ssh/authorized_keys; } >/home/${name}/.ssh/authorized_keys
cat >/home/${name}/.bashrc <<'END'
${startUp}
END
chown -R ${name} /home/${name}
`,
        });
    const sudoers = (name: string, ...lines: string[]) =>
        host.must(`cat >/etc/sudoers.d/${name}; chmod 440 /etc/sudoers.d/${name}`, {
            input: `${lines.join("\n")}\n${name} ALL=(ALL) NOPASSWD: ALL\n`,
        });

    it("that print at their start are none the worse for it", async () => {
        await user("chatty", "echo 'Welcome'; echo 'mind the gap' >&2; yes | head -c 20000");
        assert.equal((await run({ user: "chatty" })).stdout, "chatty\n");
    });

    it("that ask, wait or run something else in their start-up files are named, with what they said", async () => {
        await user("asks", "printf 'one line\\nWhich \\033[1mproject?\\033[0m '; read project");
        await user("waits", "read project");
        await user("execs", "exec sleep 1000");
        const late = /no shell started within 20 s/.source;
        const advice = (name: string) => `\\. Most likely a start-up file of ${name} \\(\\.bashrc.*exec`;
        await Promise.all([
            failureOf(
                run({ user: "asks" }),
                NO_SHELL,
                RegExp(`${late}; the last that the host said: Which project\\?${advice("asks")}`),
            ),
            failureOf(run({ user: "waits" }), NO_SHELL, RegExp(`${late}, and the host said nothing${advice("waits")}`)),
            failureOf(run({ user: "execs" }), NO_SHELL, RegExp(late)),
        ]);
    });

    it("that leave or lose PATH at their start are named", async () => {
        await user("leaves", "exit 3");
        await failureOf(
            run({ user: "leaves" }),
            NO_SHELL,
            /gives no shell \(exit 3\)\. .*no start-up file \(\.bashrc\) exit or exec/,
        );
        await user("pathless", "PATH=/nowhere");
        await failureOf(run({ user: "pathless" }), "forbidden", /pathless's shell finds no program: .* breaks PATH/);
    });

    it("that a forced command replaces say what that printed", async () => {
        await user("forced", "", 'command="echo backups only" ');
        await failureOf(
            run({ user: "forced" }),
            NO_SHELL,
            /gives no shell \(exit 0\): backups only\. .*forced command/,
        );
    });

    it("of an account whose password has expired say so in sshd's words", async () => {
        await user("stale", "");
        await host.must("echo stale:s3cret | chpasswd; chage -d 0 stale");
        await failureOf(
            run({ user: "stale" }),
            NO_SHELL,
            /gives no shell \(exit 1\): Password change required but no TTY/,
        );
    });

    it("show the last line, and no warning about a locale", async () => {
        await user(
            "abroad",
            "echo 'bash: warning: setlocale: LC_ALL: cannot change locale (xx_XX)' >&2\necho 'first' >&2\necho 'the disk is full' >&2; echo 'perl: warning: Setting locale failed.' >&2; exit 1",
        );
        await failureOf(run({ user: "abroad" }), NO_SHELL, /gives no shell \(exit 1\): the disk is full\./);
    });

    it("that sudo hampers are told with the line of sudoers", async () => {
        await user("narrow", "");
        await sudoers("narrow", 'Defaults:narrow secure_path="/opt/nothing"');
        await failureOf(
            run({ user: "narrow", sudo: true }),
            "forbidden",
            /sudo finds no sh, for its secure_path leaves \/bin out\. Correct it in sudoers/,
        );
        await user("tied", "");
        await sudoers("tied", "Defaults:tied noexec");
        await failureOf(
            run({ user: "tied", sudo: true }),
            "forbidden",
            /sudo lets the shell start no other program \(noexec\)\. .*Defaults:tied !noexec/,
        );
        await sudoers("tied", "Defaults:tied !noexec");
        assert.equal((await run({ user: "tied", sudo: true })).stdout, "root\n");
    });

    it("under sudo-rs are told by its words", async () => {
        await user("rusty", "");
        const words: [string, RegExp][] = [
            ["sudo: interactive authentication is required", /sudo asks for a password/],
            ["sudo: Authentication failed, try again.", /sudo refuses the password/],
            [
                "sudo: I'\\''m sorry rusty. I'\\''m afraid I can'\\''t do that",
                /does not permit this user to become root/,
            ],
            ["sudo: '\\''sh'\\'': command not found", /sudo finds no sh/],
            ["sudo: cannot execute '\\''/usr/bin/sh'\\'': Permission denied (os error 13)", /\(noexec\)/],
        ];
        for (const [said, message] of words) {
            // sudo-rs itself is not in this Debian
            await host.must(`mkdir -p /opt/rs; cat >/opt/rs/sudo; chmod 755 /opt/rs/sudo`, {
                input: `#!/bin/sh\necho '${said}' >&2\nexit 1\n`,
            });
            await host.must("echo 'PATH=/opt/rs:$PATH' >/home/rusty/.bashrc");
            await failureOf(run({ user: "rusty", sudo: true }), "forbidden", message);
        }
    });
});
