import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ContainerHost } from "../hypervisor/container-host";
import { Site } from "./harness/site";

const password = "a-password-that-nobody-may-read";
describe("secrets", function () {
    this.timeout(300_000);
    let site: Site;
    let machine: ContainerHost;
    before(async () => {
        site = await Site.start();
        machine = await ContainerHost.start(password);
    });
    after(async () => {
        await site.stop();
        await machine.stop();
    });

    it("stand in no state, no output and no log", async () => {
        const stack = await site.stack();
        const host = machine.connection({ password });
        const quiet = { hostname: "h1", kvmModule: "intel", diagnostics: { host } };
        stack.write({ hypervisors: { quiet }, exports: ["status", "vpn", "diagnostics"] });
        // with its preview
        const told = [await stack.ok("up", "--yes", "--diff"), await stack.ok("stack", "output", "--json")];
        stack.hypervisors({ quiet: { ...quiet, hostname: "h2", awaitOnline: { timeoutSeconds: 1 } } });
        site.sandbox.host("h2").revokeEngineKey();
        const { code, ...failed } = await stack.up("--refresh", "--diff");
        assert.notEqual(code, 0);
        told.push({ code, ...failed });

        const brought = machine.delivered().filter((text) => text !== "");
        assert.ok(brought.length >= 2 * 6 * 2, "both registrations have brought six files");
        const keys = [host.privateKey?.split("\n")[1] ?? "", site.vpnKey("quiet"), ...brought];
        const secrets = [password, site.sandbox.apiSecret, site.sandbox.hypervisorsSecret, ...keys];
        const text = told.map(({ output }) => output).join("\n");
        for (const secret of secrets) assert.equal(lineWith(text, secret), "");
        assert.doesNotMatch(text, /eyJhbGciOiJ|BEGIN [A-Z ]*PRIVATE KEY/);
        for (const [path, content] of files(stack.folder)) {
            assert.doesNotMatch(content, /eyJhbGciOiJ/, `${path} holds a token`);
            for (const secret of secrets) assert.equal(lineWith(content, secret), "", path);
        }
    });
});

function lineWith(text: string, secret: string): string {
    return text.split("\n").find((line) => line.includes(secret)) ?? "";
}

/** Everything the CLI has written: state, history, settings and events. */
function files(folder: string): [string, string][] {
    const state = readdirSync(join(folder, "state"), { recursive: true, encoding: "utf8" });
    const events = readdirSync(folder).filter((name) => name.startsWith("events-"));
    return [...state.map((path) => join("state", path)), ...events, "project/Pulumi.dev.yaml"]
        .map((path) => join(folder, path))
        .filter((path) => statSync(path).isFile())
        .map((path) => [path, withoutOwnDebug(readFileSync(path, "utf8"))]);
}

/** Pulumi's Node SDK logs each answer whole as a debug event, secrets included; that is not ours to mend. */
const withoutOwnDebug = (text: string): string =>
    text.replace(/^.*"prefix":"debug: ","message":"RegisterResource RPC finished: .*$/gm, "");
