import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
    chmodSync,
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const arch = process.arch === "arm64" ? "arm64" : "x64";
const tarball = `pulumi-v3.9.9-linux-${arch}.tar.gz`;

describe("what the tools install", function () {
    this.timeout(60_000);
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "install-"));
        // in a checkout of its own
        cpSync(join(root, "tools"), join(folder, "tools"), { recursive: true });
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
        PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
        HOME: folder,
        PULUMI_ISARDVDI_CACHE: join(folder, "cache"),
        ...more,
    });
    const sourced = (script: string): string => `. tools/environment.sh; . tools/pulumi.sh; ${script}`;
    const bash = (script: string, more?: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> =>
        new Promise((resolve) => {
            const child = spawn("bash", ["-c", sourced(script)], { cwd: folder, env: environment(more) });
            let said = "";
            for (const stream of [child.stdout, child.stderr])
                stream.on("data", (data: Buffer) => (said += String(data)));
            child.stdin.end();
            child.on("close", (code) => resolve({ code, said }));
        });

    describe("of Pulumi's releases", () => {
        let files: Record<string, Buffer | string>;
        const server = createServer((request, response) => {
            const file = files[request.url ?? ""];
            response.writeHead(file === undefined ? 404 : 200).end(file);
        });
        let url = "";
        before((done) => {
            server.listen(0, "127.0.0.1", () => {
                url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
                done();
            });
        });
        after(() => server.close());
        beforeEach(() => {
            mkdirSync(join(folder, "pulumi"));
            for (const name of ["pulumi", "pulumi-language-nodejs"]) {
                writeFileSync(join(folder, "pulumi", name), "#!/bin/sh\n");
                chmodSync(join(folder, "pulumi", name), 0o755);
            }
            spawnSync("tar", ["-czf", tarball, "pulumi"], { cwd: folder });
            const packed = readFileSync(join(folder, tarball));
            const sum = createHash("sha256").update(packed).digest("hex");
            files = {
                [`/v3.9.9/${tarball}`]: packed,
                "/v3.9.9/pulumi-3.9.9-checksums.txt": `${"0".repeat(64)}  other.tar.gz\n${sum}  ${tarball}\n`,
            };
        });
        const install = (releases = url) =>
            bash("mkdir -p into; from_release into 3.9.9", { PULUMI_ISARDVDI_RELEASES: releases });
        const installed = () => readdirSync(join(folder, "into")).sort();

        it("is the tarball that has its published checksum", async () => {
            const { code, said } = await install();
            assert.equal(code, 0, said);
            assert.deepEqual(installed(), ["pulumi", "pulumi-language-nodejs"]);
            assert.deepEqual(readdirSync(join(folder, "cache")), ["log"]);
        });

        it("is no other tarball, and none without a checksum", async () => {
            for (const [path, text] of [
                [`/v3.9.9/${tarball}`, Buffer.concat([files[`/v3.9.9/${tarball}`] as Buffer, Buffer.from("\0")])],
                ["/v3.9.9/pulumi-3.9.9-checksums.txt", `${"0".repeat(64)}  other.tar.gz\n`],
            ] as const) {
                files = { ...files, [path]: text };
                const { code, said } = await install();
                assert.equal(code, 1);
                assert.match(
                    said,
                    /does not have its published checksum[^]*release was not used: the CLI is built from its Go modules/,
                );
                assert.deepEqual(installed(), []);
            }
        });

        it("is nothing where they cannot be reached", async () => {
            const { code, said } = await install("http://127.0.0.1:9");
            assert.equal(code, 1);
            assert.match(said, /releases cannot be reached from here: the CLI is built from its Go modules/);
            assert.deepEqual(readdirSync(join(folder, "cache")), []);
        });
    });

    describe("into the system itself", () => {
        beforeEach(() => {
            mkdirSync(join(folder, "bin"));
            for (const [name, text] of [
                ["apt-get", 'echo "$@" >>"$HOME/asked"'],
                ["sudo", 'exec "$@"'],
            ]) {
                writeFileSync(join(folder, "bin", name ?? ""), `#!/bin/sh\n${text}\n`);
                chmodSync(join(folder, "bin", name ?? ""), 0o755);
            }
        });
        const asked = () => (existsSync(join(folder, "asked")) ? readFileSync(join(folder, "asked"), "utf8") : "");
        const script = "in_container() { false; }; debian some-package; debian other-package";
        /** With somebody there who types. */
        const terminal = (typed: string, more?: NodeJS.ProcessEnv) => {
            writeFileSync(join(folder, "run"), sourced(script));
            return spawnSync("script", ["-qec", "bash run", "/dev/null"], {
                cwd: folder,
                env: environment(more),
                input: typed,
                encoding: "utf8",
            });
        };

        it("is told first, and goes on where nobody can answer", async () => {
            const { code, said } = await bash(script);
            assert.equal(code, 0, said);
            assert.match(
                said,
                /^this machine lacks some-package: apt-get install puts[^]*apt-get install some-package/,
            );
            assert.match(asked(), /install .*some-package\n[^]*install .*other-package/);
        });

        it("is asked for once at a terminal", function () {
            if (!existsSync("/usr/bin/script")) this.skip();
            const { stdout } = terminal("y\n");
            assert.equal(stdout.split("Go on?").length, 2, stdout);
            assert.match(asked(), /some-package\n[^]*other-package/);
        });

        it("is nothing after a no", function () {
            if (!existsSync("/usr/bin/script")) this.skip();
            assert.match(terminal("n\n").stdout, /nothing was installed: run it again with YES=1/);
            assert.equal(asked(), "");
        });

        it("is not asked for with YES=1, nor in CI", function () {
            if (!existsSync("/usr/bin/script")) this.skip();
            for (const more of [{ YES: "1" }, { CI: "true" }]) assert.doesNotMatch(terminal("", more).stdout, /Go on/);
        });
    });

    it("is taken out of the cache by make clean, which leaves what is no one's of ours", () => {
        const names = ["node-1", "pulumi-2", "go-3", "lab-4", "docker-5", "packages.abcdef", "log", "theirs"];
        for (const name of names) mkdirSync(join(folder, "cache", name, "deep"), { recursive: true });
        writeFileSync(join(folder, "cache", "go-3", "deep", "file"), "");
        chmodSync(join(folder, "cache", "go-3", "deep"), 0o555);
        const { status, stderr } = spawnSync("bash", ["tools/clean.sh"], {
            cwd: folder,
            env: environment(),
            encoding: "utf8",
        });
        assert.equal(status, 0, stderr);
        assert.deepEqual(readdirSync(join(folder, "cache")), ["theirs"]);
    });

    it("is built from Go modules with checksums of ours alone", () => {
        const text = (name: string) => readFileSync(join(root, "tools", name), "utf8");
        const scripts = ["environment.sh", "pulumi.sh", "docker.sh", "go.sh"].map(text).join("\n");
        const version = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(scripts)?.[1] ?? name;
        const pins = [
            ...["pulumi_version", "floor_pulumi_version"].map((name) => ["pulumi", version(name)]),
            ["pulumi-language-nodejs", version("language_host_version")],
            ["runc", version("runc_version")],
            ...["dockerd", "docker-proxy"].map((name) => [name, version("docker_new_version")]),
        ];
        for (const [name, pinned] of pins) {
            const module = readFileSync(join(root, "tools", "go", `${name}-${pinned}`, "go.mod"), "utf8");
            const line = new RegExp(
                `^\\s*(?:require )?(github\\.com/\\S+) v${pinned?.replaceAll(".", "\\.")}(?: |$)`,
                "m",
            );
            const path = line.exec(module)?.[1];
            assert.ok(path, `${name}-${pinned}`);
            const sums = readFileSync(join(root, "tools", "go", `${name}-${pinned}`, "go.sum"), "utf8");
            assert.match(sums, new RegExp(`^${path} v${pinned?.replaceAll(".", "\\.")} h1:`, "m"));
        }
        assert.ok(!/-mod=mod|go get /.test(scripts.replace(/^go_pin\(\) \{[^]*?^\}/m, "")), "only go_pin takes others");
        assert.doesNotMatch(text("node.sh"), /npm@\d+["\s]/, "no range of npm's");
    });
});
