import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfiguration } from "../../provider/configuration";
import { type ConnectionArgs, connectionOf, type ResolvedConnection } from "../../provider/connection";
import { IsardvdiError } from "../../provider/errors";

describe("a connection with sshConfig", () => {
    let home: string;
    before(() => {
        home = mkdtempSync(join(tmpdir(), "ssh-config-"));
        mkdirSync(join(home, ".ssh"));
    });
    after(() => rmSync(home, { recursive: true }));

    const write = (...lines: string[]): void => writeFileSync(join(home, ".ssh", "config"), `${lines.join("\n")}\n`);
    const resolve = (connection: ConnectionArgs): ResolvedConnection =>
        connectionOf(
            connection,
            readConfiguration(() => undefined, { HOME: home }),
        );
    const seen = ({ host, port = 22, user = "root", identityFiles = [], proxy }: ResolvedConnection): string =>
        [
            `${user}@${host}:${port}`,
            ...identityFiles.map((each) => each.replace(home, "~")),
            ...(proxy ? [`via ${seen(proxy)}`] : []),
        ].join(" ");
    const files = "~/.ssh/id_ed25519 ~/.ssh/id_ecdsa ~/.ssh/id_rsa";
    const failing = (connection: ConnectionArgs, message: RegExp): void =>
        assert.throws(
            () => resolve(connection),
            (error) => {
                assert.ok(error instanceof IsardvdiError && error.code === "bad-configuration");
                assert.match(error.message, message);
                assert.doesNotMatch(error.message, /\n/);
                return true;
            },
        );

    it("takes what it leaves out from the file, the first value of each", () => {
        write(
            "# mine",
            "Host h1 h1.example.org",
            "    HostName=10.0.0.7",
            "    User admin",
            "    port 2222 # inside",
            "    IdentityFile ~/.ssh/%r_%h",
            'Host "h2"',
            "    HostName %h.example.org",
            "    IdentityFile none",
            "Host h* !h3",
            "    User other",
            "    Port 2200",
            "    IdentityFile %d/keys/all",
        );
        const host = (name: string, more = {}) => seen(resolve({ host: name, sshConfig: true, ...more }));
        assert.equal(host("h1"), "admin@10.0.0.7:2222 ~/.ssh/admin_10.0.0.7 ~/keys/all");
        assert.equal(host("h2"), "other@h2.example.org:2200 ~/keys/all");
        assert.equal(host("h3"), `root@h3:22 ${files}`);
        assert.equal(host("10.0.0.9"), `root@10.0.0.9:22 ${files}`);
        // what is given wins
        assert.equal(host("h1", { user: "me", port: 22 }), "me@10.0.0.7:22 ~/.ssh/me_10.0.0.7 ~/keys/all");
        const once = resolve({ host: "h2", sshConfig: true });
        assert.deepEqual(
            connectionOf(
                once,
                readConfiguration(() => undefined, { HOME: home }),
            ),
            once,
        );
    });

    it("agrees with ssh itself, of which -G prints what it would do", () => {
        write(
            `Include ${home}/.ssh/more/*.conf`,
            "Host web-?",
            "  User web",
            "Match host *.lan user web",
            "  Port 2022",
            "Match originalhost web-2",
            "  Port 2023",
            "Match !host web-9,web-8",
            "  HostName fallback.lan",
            "Host *",
            "  Port 2024",
        );
        mkdirSync(join(home, ".ssh", "more"));
        writeFileSync(join(home, ".ssh", "more", "a.conf"), "Host web-1\n  HostName one.lan\nHost gate\n  User gate\n");
        for (const host of ["web-1", "web-2", "web-10", "gate", "web-9", "x"]) {
            const told = execFileSync("ssh", ["-G", "-F", join(home, ".ssh", "config"), host], {
                encoding: "utf8",
                stdio: ["ignore", "pipe", "ignore"],
            });
            const of = (name: string): string => RegExp(`^${name} (.*)$`, "m").exec(told)?.[1] ?? "";
            const found = resolve({ host, sshConfig: true });
            // without a User, ssh takes the account that it runs under
            assert.equal(found.user ?? of("user"), of("user"), host);
            assert.equal(`${found.host}:${found.port}`, `${of("hostname")}:${of("port")}`, host);
        }
        write("Include more/a.conf");
        assert.equal(resolve({ host: "gate", sshConfig: true }).user, "gate");
    });

    it("goes through ProxyJump, each hop with its own entry", () => {
        write(
            "Host h1",
            "  ProxyJump first,me@second:2022",
            "Host first",
            "  HostName 10.0.0.1",
            "  ProxyJump ssh://gate:23",
            "Host second",
            "  ProxyJump ignored",
            "  User ignored",
            "Host h2",
            "  ProxyJump none",
            "Host loop",
            "  ProxyJump loop",
            "Host *",
            "  IdentityFile ~/k",
        );
        const host = (name: string, more = {}) => seen(resolve({ host: name, sshConfig: true, ...more }));
        assert.equal(host("h1"), "root@h1:22 ~/k via me@second:2022 ~/k via root@10.0.0.1:22 ~/k via root@gate:23 ~/k");
        assert.equal(host("h2"), "root@h2:22 ~/k");
        assert.equal(host("h1", { proxy: { host: "own" } }), "root@h1:22 ~/k via root@own:22");
        assert.equal(
            seen(resolve({ host: "h9", proxy: { host: "first", sshConfig: true } })),
            "root@h9:22 via root@10.0.0.1:22 ~/k via root@gate:23 ~/k",
        );
        failing({ host: "loop", sshConfig: true }, /ProxyJump leads in a circle/);
    });

    it("runs no command of the file, and names them", () => {
        const trace = join(home, "ran");
        write(
            `Match host h1 exec "touch ${trace}"`,
            "  ProxyJump gate",
            `Match exec "touch ${trace}"`,
            "  ForwardX11 no",
            "Host h2",
            `  ProxyCommand sh -c "touch ${trace}"`,
            "Host h3",
            "  ProxyCommand none",
        );
        const found = resolve({ host: "h1", sshConfig: true });
        assert.equal(seen(found), `root@h1:22 ${files}`);
        assert.deepEqual(found.notes, [`of ${join(home, ".ssh", "config")} its block "Match exec" was left out`]);
        failing(
            { host: "h2", sshConfig: true },
            /config for "h2": it has a ProxyCommand for this host, and no command of that file is run\. Write it as ProxyJump/,
        );
        assert.equal(
            seen(resolve({ host: "h2", sshConfig: true, proxy: { host: "j" } })),
            `root@h2:22 ${files} via root@j:22`,
        );
        assert.equal(seen(resolve({ host: "h3", sshConfig: true })), `root@h3:22 ${files}`);
        assert.ok(!existsSync(trace));
    });

    it("is refused with a file that is not there or cannot be read; without sshConfig none is looked for", () => {
        write('Host "h1');
        failing({ host: "h1", sshConfig: true }, /config for "h1": it cannot be read \(.*Correct the file/);
        write("Host h1", "  Port ssh");
        failing({ host: "h1", sshConfig: true }, /its Port is no port number/);
        rmSync(join(home, ".ssh", "config"));
        failing({ host: "h1", sshConfig: true }, /it cannot be read \(ENOENT/);
        assert.deepEqual(resolve({ host: "h1" }), { host: "h1" });
    });

    it("may be one of the configuration's", () => {
        write("Host h1 gate", "  Port 2222");
        const configuration = readConfiguration(
            (key) =>
                ({
                    "isardvdi:connections": { h1: { host: "h1", sshConfig: "true" } },
                    "isardvdi:server": { host: "gate", sshConfig: true },
                })[key],
            { HOME: home },
        );
        assert.equal(configuration.connection("h1").port, 2222);
        assert.equal(configuration.server(undefined)?.port, 2222);
    });
});
