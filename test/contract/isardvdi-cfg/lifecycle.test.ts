import { strict as assert } from "node:assert";
import { openRemotes } from "../../../provider/remote";
import { silentLog } from "../../../provider/world";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { packages } from "../../lab/packages";
import { needsLab } from "../../lab/skip";
import { html5, spice } from "../../sandbox/viewers";
import { settings, video } from "../harness/cfg";
import { configOf, failed, until } from "../harness/hypervisor";
import { startProvider } from "../harness/provider";
import { warmProvider, type WarmProvider } from "../harness/warm";

const folder = "/opt/isard/src";
const greeting = "RFB 003.008\n";

describe("isardvdi.cfg's resources over gRPC, on a server that is a machine", function () {
    this.timeout(120_000);
    const remotes = openRemotes();
    let sandbox: Sandbox;
    let provider: WarmProvider;
    let untouched: string;
    const on = async (name: string, command: string): Promise<string> => {
        const connection = sandbox.connections()[name];
        assert.ok(connection, `no way to log in to ${name}`);
        const call = { signal: new AbortController().signal, log: silentLog };
        const { code, stdout, stderr } = await remotes.open(connection).run(command, call);
        assert.equal(code, 0, `${command}: ${stderr}`);
        return stdout;
    };
    const cfg = (): Promise<string> => on("server", `cat ${folder}/isardvdi.cfg`);
    const config = (): Record<string, string> => ({
        ...configOf(sandbox),
        "isardvdi:connections": JSON.stringify(sandbox.connections()),
    });
    const said = ({ lines }: Pick<WarmProvider, "lines">): string => lines.map(({ message }) => message).join("\n");
    /** Each build waits until it is let go. */
    const hold = (): Promise<string> =>
        on("server", `rm -f /run/go; sed -i '2i until [ -e /run/go ]; do sleep 0.02; done' ${folder}/build.sh`);
    const letGo = (): Promise<string> => on("server", `: >/run/go; sed -i '/^until/d' ${folder}/build.sh`);
    before(needsLab);
    before(async () => {
        sandbox = await startSandbox({ machines: true, packages: packages(), hosts: ["h1", "h2"], timeScale: 50 });
        for (const name of ["h1", "h2"])
            await on(
                name,
                `iptables -t nat -A PREROUTING -p tcp --dport 5900:7899 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.31.255.17 &&
                iptables -I DOCKER-USER -p tcp -d 172.31.255.17 --dport 5900:7899 -j ACCEPT`,
            );
        untouched = await cfg();
    });
    after(async () => {
        await remotes.close();
        await sandbox?.stop();
    });
    beforeEach(async () => {
        provider = await warmProvider(config());
    });
    afterEach(async () => {
        await provider.stop();
        await letGo();
    });

    it("a video list is created, found changed, updated and deleted", async () => {
        const program = video("list", ["h2"]);
        const { inputs } = await provider.check({}, program);
        const { id, state } = await provider.create(inputs);
        assert.deepEqual([state["effectiveHostnames"], state["runningHostnames"]], [["h2"], ["h2"]]);
        assert.equal(await spice(sandbox.apiUrl, "h2", 5900), greeting);
        assert.equal(await spice(sandbox.apiUrl, "h1", 5900), "403");

        await on("server", `sed -i s/HOSTNAMES=h2/HOSTNAMES=h1/ ${folder}/isardvdi.cfg`);
        const read = await provider.read(id, state);
        assert.equal((await provider.diff(id, read.state, inputs)).changes, true);
        const both = (await provider.check(inputs, video("list", ["h1", "h2"], { ports: "5901-7899" }))).inputs;
        const after = await provider.update(id, read.state, both);
        assert.equal((await provider.diff(id, after, both)).changes, false);
        assert.equal(await spice(sandbox.apiUrl, "h1", 5900), greeting);
        assert.equal(await html5(sandbox.apiUrl, "h1", 5900), "refused");

        await provider.delete(id, after);
        assert.equal(await cfg(), untouched);
        assert.equal(await on("server", `ls -A ${folder} | grep -c pulumi || true`), "0\n");
        assert.equal(provider.output.stderr, "");
    });

    it("two that build nothing leave nothing either", async () => {
        const made = await Promise.all(
            [video("unbuilt", ["h1"], { apply: false }), settings("unbuilt", { DOMAIN_OF: "x" }, { apply: false })].map(
                async (program) => await provider.create((await provider.check({}, program)).inputs),
            ),
        );
        for (const { id, state } of made) await provider.delete(id, state);
        assert.equal(await cfg(), untouched);
        assert.equal(await on("server", `ls -A ${folder} | grep -c pulumi || true`), "0\n");
    });

    it("a secret of the cfg is on the server, and in no line, no error and no clear output", async () => {
        const { inputs } = await provider.check({}, settings("secret", { REDIS_PASSWORD: "hunter-22" }));
        const { id, state } = await provider.create(inputs);
        assert.match(await cfg(), /^REDIS_PASSWORD=hunter-22$/m);
        assert.equal(
            await on("server", "docker inspect -f '{{json .Config.Env}}' isard-sessions"),
            '["REDIS_PASSWORD=hunter-22"]\n',
        );
        const { settings: secret, ...clear } = state;
        assert.deepEqual(secret, { REDIS_PASSWORD: "hunter-22" });
        assert.doesNotMatch(JSON.stringify(clear), /hunter/);
        await on("server", `echo 'cannot pull with hunter-23' >${folder}/build.fails`);
        const next = (await provider.check(inputs, settings("secret", { REDIS_PASSWORD: "hunter-23" }))).inputs;
        const { message } = await failed(provider.update(id, state, next));
        await on("server", `rm ${folder}/build.fails`);
        assert.match(message, /build\.sh failed; it said: .*\[secret\]/);
        assert.match(await cfg(), /^REDIS_PASSWORD=hunter-22$/m);
        assert.doesNotMatch(message + said(provider) + provider.output.stderr, /hunter/);
        await provider.delete(id, state);
        assert.equal(await cfg(), untouched);
    });

    it("a cancelled create keeps the resource, which the next run completes, and the server its own job", async () => {
        await hold();
        const program = settings("cancelled", { SESSIONS_EXPIRATION: "10m" });
        const { inputs } = await provider.check({}, program);
        const creating = failed(provider.create(inputs));
        await until(() => /building the compose files/.test(said(provider)));
        await provider.cancel();
        const { initError, message } = await creating;
        assert.ok(initError, message);
        await letGo();
        assert.equal(initError.properties["__provider"], program["__provider"]);
        await provider.stop();
        provider = await warmProvider(config());
        const read = await provider.read(initError.id, initError.properties);
        assert.equal(read.id, initError.id);
        const after = await provider.update(initError.id, read.state, inputs);
        assert.equal((await provider.diff(initError.id, after, inputs)).changes, false);
        assert.match(await on("server", "docker inspect -f '{{json .Config.Env}}' isard-sessions"), /EXPIRATION=10m/);
        await provider.delete(initError.id, after);
        assert.equal(await cfg(), untouched);
    });

    it("a provider that is killed leaves no half file, and the next create finds its own traces", async () => {
        await hold();
        const { inputs } = await provider.check({}, settings("killed", { SESSIONS_EXPIRATION: "10m" }));
        const killed = await startProvider(config());
        try {
            const creating = killed.create(inputs).catch(() => undefined);
            await until(() => /building the compose files/.test(said(killed)));
            killed.kill("SIGKILL");
            await creating;
        } finally {
            await killed.stop();
            await letGo();
        }
        const { id, state } = await provider.create(inputs);
        assert.equal((await provider.diff(id, state, inputs)).changes, false);
        await provider.delete(id, state);
        assert.equal(await cfg(), untouched);
    });

    it("names that do not resolve on the server are refused before anything is written", async () => {
        const { inputs } = await provider.check({}, video("bad", ["h2", "h9"]));
        const { message, initError } = await failed(provider.create(inputs));
        assert.match(message, /^Unable to set .*"h9" does not resolve on the server.*Nothing was written\.$/);
        assert.equal(initError, undefined);
        assert.equal(await cfg(), untouched);
    });
});
