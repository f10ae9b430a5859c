import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as fc from "fast-check";
import type { Remote } from "../../../provider/remote";
import { shellQuote } from "../../../provider/remote/quote";
import { asking, closeAll, failureOf, remotesWith } from "./asking";
import { TestServer } from "./server";

describe("commands on a machine", function () {
    this.timeout(60_000);
    let server: TestServer;
    let folder: string;
    before(async () => {
        server = await TestServer.start();
        folder = mkdtempSync(join(tmpdir(), "commands-"));
    });
    after(async () => {
        await server.stop();
        rmSync(folder, { recursive: true });
    });
    afterEach(closeAll);
    const machine = (): Remote => remotesWith().open(server.connection);

    it("keep output, error output and exit code apart", async () => {
        const result = await machine().run("echo out; echo err >&2; printf end; exit 42", asking());
        assert.deepEqual(result, { code: 42, stdout: "out\nend", stderr: "err\n" });
    });

    const hostile = [
        "",
        " ",
        "\n",
        "\n\n",
        "no newline at the end",
        "ends with one\n",
        `'"\`$(id)\${HOME}\\`,
        "it's\n'quoted'\n",
        "line\r\nline\r\n",
        "\u0001\u0081\u0088\u007f\t\u001b[0m",
        "ñ€😀",
        "EOF\nS\nmark\n.\n",
        "%s %d \\n \\0",
        "x".repeat(200_000),
    ];
    for (const input of hostile) {
        it(`pass on ${JSON.stringify(input).slice(0, 40)} byte for byte`, async () => {
            const remote = machine();
            assert.equal((await remote.run("cat", asking(), input)).stdout, input);
            const { stdout } = await remote.run(`printf %s ${shellQuote(input)}`, asking());
            assert.equal(stdout, input);
        });
    }

    it("pass on any text", async () => {
        const remote = machine();
        const text = fc.string({ unit: "binary", maxLength: 200 }).map((each) => each.replaceAll("\0", ""));
        await fc.assert(
            fc.asyncProperty(text, fc.integer({ min: 0, max: 255 }), async (input, code) => {
                const result = await remote.run(
                    `cat; printf %s ${shellQuote(input)} >&2; exit ${code}`,
                    asking(),
                    input,
                );
                assert.deepEqual(result, { code, stdout: input, stderr: input });
            }),
            { numRuns: 60 },
        );
    });

    it("pass on five million characters, quotes and newlines among them", async () => {
        const input = "it's $(x)\n".repeat(500_000);
        const { stdout } = await machine().run("cat", asking(), input);
        assert.ok(stdout === input);
    });

    it("refuse a NUL before anything is sent", async () => {
        const { connections } = server;
        await failureOf(machine().run("echo '\0'", asking()), "bad-input", /holds a NUL/);
        await failureOf(machine().run("cat", asking(), "\0"), "bad-input", /holds a NUL/);
        assert.equal(server.connections, connections);
    });

    const disturbing: Record<string, string> = {
        "leaves the folder": "cd /",
        exits: "exit 3",
        "stops at errors": "set -e; false; echo not here",
        "replaces its shell": "exec true",
        "reads everything": "cat >/dev/null; read x",
        "sets traps": "trap 'echo trapped' EXIT TERM HUP",
        "closes its streams": "exec <&- >&- 2>&-",
        "has an error of syntax": "if then",
        "opens a quote": "echo 'never closed",
        "opens a here-document": "cat <<EOF\nnever closed",
        "changes the path": "PATH=/nowhere; export PATH",
        "kills itself": "kill -9 $$",
        "kills its group": "kill -9 0",
        "redefines a command": "wait() { echo mine; }; alias printf=false; kill() { :; }",
        "leaves a process behind": "sleep 600 >/dev/null 2>&1 & echo $! >$left",
        "leaves one that holds the output": "sleep 600 & echo $! >$left",
        "leaves one that writes later":
            "{ trap '' PIPE; until [ -e $go ]; do sleep 0.02; done; echo late; : >$wrote; } & : >$wrote.by",
    };
    for (const [what, script] of Object.entries(disturbing)) {
        it(`are not disturbed by one that ${what}`, async () => {
            const remote = machine();
            const [left, go, wrote] = ["left", "go", "wrote"].map((name) => join(folder, `${name}-${what.length}`));
            const named = `left=${left} go=${go} wrote=${wrote}`;
            await remote.run(script.replace(/^(?=sleep|\{)/, `${named}; `), asking());
            const { stdout, code } = await remote.run(
                `${named}; pwd; : >$go; while [ -e $wrote.by ] && [ ! -e $wrote ]; do sleep 0.02; done; echo next; exit 5`,
                asking(),
            );
            assert.deepEqual([stdout, code], [`${process.cwd()}\nnext\n`, 5]);
            if (!script.includes("$left")) return;
            const pid = await pidIn(left ?? "");
            assert.ok(alive(pid), "nothing waits for it");
            process.kill(Number(pid), "SIGKILL");
        });
    }

    it("a hundred at once share one connection and at most four sessions", async () => {
        const { connections, sessions } = server;
        const remotes = remotesWith();
        const results = await Promise.all(
            Array.from({ length: 100 }, (_, index) =>
                // the order of the fields makes no other machine
                remotes.open({ user: "root", ...server.connection }).run(`echo ${index}`, asking()),
            ),
        );
        assert.deepEqual(
            results.map(({ stdout }) => stdout),
            results.map((_, index) => `${index}\n`),
        );
        assert.equal(server.connections - connections, 1);
        assert.ok(server.sessions - sessions <= 4, String(server.sessions - sessions));
    });

    it("queue where the host refuses further sessions", async () => {
        const narrow = await TestServer.start({ maxSessions: 2 });
        const remote = remotesWith().open(narrow.connection);
        const results = await Promise.all(Array.from({ length: 12 }, (_, i) => remote.run(`echo ${i}`, asking())));
        assert.deepEqual(
            results.map(({ stdout }) => Number(stdout)),
            [...results.keys()],
        );
        assert.deepEqual([narrow.sessions, narrow.connections], [2, 1]);
        assert.ok(narrow.refusedSessions > 0);
        await narrow.stop();
    });

    it("fail where the host gives no session at all", async () => {
        const closed = await TestServer.start({ maxSessions: 0 });
        await failureOf(
            remotesWith().open(closed.connection).run("true", asking()),
            "forbidden",
            /Unable to reach root@127\.0\.0\.1:\d+: the host opens no session\. .*MaxSessions/,
        );
        await closed.stop();
    });

    const alive = (pid: string): boolean => {
        try {
            // a zombie has ended
            return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid.trim()}/status`, "utf8"));
        } catch {
            return false;
        }
    };
    async function pidIn(file: string): Promise<string> {
        for (let tries = 0; tries < 200; tries++) {
            try {
                const pid = readFileSync(file, "utf8").trim();
                if (pid) return pid;
            } catch {
                // not there yet
            }
            await new Promise((resolve) => setTimeout(resolve, 25));
        }
        return assert.fail("it never began");
    }
    async function gone(pid: string): Promise<void> {
        for (let tries = 0; tries < 200 && alive(pid); tries++) await new Promise((done) => setTimeout(done, 25));
        assert.ok(!alive(pid), "it still runs on the host");
    }

    for (const [what, begin] of [
        ["a patient one", ""],
        ["one that ignores TERM", "trap '' TERM; "],
    ] as const) {
        it(`end on the host when their time is over: ${what}`, async () => {
            const file = join(folder, `timeout-${what.length}`);
            const remote = machine();
            const script = `${begin}sh -c 'echo $$ >${file}; sleep 600; true'`;
            await remote.run("true", asking());
            const failed = failureOf(
                remote.run(script, asking({ timeoutMs: 1500 })),
                "timeout",
                /Unable to run a command on root@127\.0\.0\.1:\d+: it was not done within 1\.5 s/,
            );
            const pid = await pidIn(file);
            assert.ok(alive(pid));
            assert.ok((await failed).retryable);
            await gone(pid);
            assert.equal((await remote.run("echo next", asking())).stdout, "next\n");
        });
    }

    it("reject at once when their run is cancelled, and end on the host; the others go on", async () => {
        const file = join(folder, "cancelled");
        const remote = machine();
        const { connections } = server;
        const cancel = new AbortController();
        const failed = failureOf(
            remote.run(`echo $$ >${file}; sleep 600`, asking({ signal: cancel.signal })),
            "cancelled",
            /the run was cancelled/,
        );
        const go = join(folder, "go-on");
        const other = remote.run(`until [ -e ${go} ]; do sleep 0.02; done; echo other`, asking());
        const pid = await pidIn(file);
        cancel.abort(new Error("cancelled"));
        await failed;
        await gone(pid);
        writeFileSync(go, "");
        assert.equal((await other).stdout, "other\n");
        assert.equal(server.connections - connections, 1);
    });

    it("put away what is theirs when they are cancelled, in a subshell as well", async () => {
        const cancel = new AbortController();
        const [file, away] = [join(folder, "subshell"), join(folder, "put-away")];
        const remote = machine();
        const script = `(trap 'sleep 0.3; : >${away}; exit' TERM; : >${file}; while :; do sleep 0.05; done)`;
        const failed = failureOf(remote.run(script, asking({ signal: cancel.signal })), "cancelled", /cancelled/);
        const look = `n=0; until [ -e $f ] || [ $n = 300 ]; do n=$((n + 1)); sleep 0.02; done; [ -e $f ]`;
        const comes = async (path: string) => (await machine().run(`f=${path}; ${look}`, asking())).code === 0;
        assert.ok(await comes(file));
        cancel.abort(new Error("cancelled"));
        await failed;
        assert.ok(await comes(away));
    });

    it("leave what an earlier command started alone", async () => {
        const file = join(folder, "earlier");
        const remote = machine();
        await remote.run(`setsid sh -c 'echo $$ >${file}; sleep 30' </dev/null >/dev/null 2>&1 &`, asking());
        const pid = await pidIn(file);
        const ended = join(folder, "ended");
        const late = remote.run(`sh -c 'echo $$ >${ended}; sleep 600; true'`, asking({ timeoutMs: 1500 }));
        await failureOf(late, "timeout", /not done/);
        await gone(await pidIn(ended));
        await remote.run("true", asking());
        assert.ok(alive(pid));
        process.kill(-Number(pid), "SIGKILL");
    });

    it("are refused more than 16 MiB of output", async () => {
        const remote = machine();
        await failureOf(
            remote.run("yes | head -c 30000000", asking()),
            "unexpected-answer",
            /printed more than 16 MiB of output/,
        );
        assert.equal((await remote.run("echo next", asking())).stdout, "next\n");
    });

    it("say on their own line that they still run", async () => {
        const call = asking();
        const go = join(folder, "say");
        const remote = machine();
        await remote.run("true", asking());
        mock.timers.enable({ apis: ["setInterval"] });
        try {
            const running = remote.run(`until [ -e ${go} ]; do sleep 0.02; done`, call);
            mock.timers.tick(5000);
            assert.match(call.said.join("\n"), /^waiting for root@127\.0\.0\.1:\d+ \(5 s\)$/m);
            writeFileSync(go, "");
            await running;
        } finally {
            mock.timers.reset();
        }
    });

    it("never stand in an argument list", async () => {
        const script =
            "sleep 0.2; tr '\\0' ' ' </proc/$PPID/cmdline; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '";
        const { stdout } = await machine().run(`${script} # hidden-in-the-script`, asking(), "hidden-in-the-input");
        assert.ok(stdout.length > 100 && !stdout.includes("hidden-in-"), stdout);
        assert.ok(!server.commands.join().includes("hidden-in-"));
    });
});
