import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverConfig } from "../../provider/server-config";
import { Checkout, someCfg } from "./checkout";
import { Program } from "./program";
import { closeAll, remotesWith } from "../provider/remote/asking";
import { TestServer } from "../provider/remote/server";

describe("a change of an isardvdi.cfg over SSH", function () {
    this.timeout(120_000);
    let ssh: TestServer;
    let server: Checkout;
    let program: Program;
    beforeEach(async () => {
        ssh = await TestServer.start();
        server = new Checkout().start();
        server.reachedThrough(remotesWith().open(ssh.connection));
        program = new Program(serverConfig, { server });
    });
    afterEach(async () => {
        await closeAll();
        await ssh.stop();
        server.remove();
    });
    const inputs = () => ({
        connection: { host: "server" },
        configPath: server.configPath,
        settings: { REDIS_PASSWORD: "hunter-22 $x" },
        recreate: ["isard-sessions"],
    });
    const running = () => server.running("isard-sessions", "REDIS_PASSWORD");

    it("goes over one connection, and no command line has a secret", async () => {
        await program.up(inputs());
        assert.equal(running(), "hunter-22 $x");
        await program.refresh();
        assert.equal(await program.up(inputs()), "same");
        await program.destroy();
        assert.equal(server.cfg, someCfg);
        assert.equal(existsSync(join(server.folder, ".pulumi-isardvdi")), false);
        assert.equal(ssh.connections, 1);
        assert.ok(!ssh.commands.join("\n").includes("hunter"));
    });

    it("goes on by itself when the connection is lost, and the next up sees what became of it", async () => {
        const go = join(server.root, "go");
        server.sh(`sed -i '2i until [ -e ${go} ]; do /bin/sleep 0.02; done' build.sh`);
        const up = program.up(inputs()).then(
            () => "done",
            (error: Error) => error.message,
        );
        const building = (): boolean => program.said("status").some((line) => line.startsWith("building"));
        for (let turn = 0; turn < 500 && !building(); turn += 1)
            await new Promise((resolve) => setTimeout(resolve, 20));
        const gone = ssh;
        ssh = await TestServer.start();
        await gone.stop();
        assert.match(await up, /the connection was lost while the work goes on there by itself/);
        assert.ok(program.state);
        writeFileSync(go, "");
        server.reachedThrough(remotesWith().open(ssh.connection));
        assert.equal(await program.up(inputs()), "updated");
        assert.equal(running(), "hunter-22 $x");
        assert.equal(server.events.length, 1);
    });
});
