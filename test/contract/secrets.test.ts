import { strict as assert } from "node:assert";
import type { ConnectionArgs } from "../../provider/connection";
import { type Sandbox, startSandbox } from "../../sandbox";
import { ContainerHost } from "../hypervisor/container-host";
import { configOf, failed, inputs } from "./harness/hypervisor";
import { warmProvider, type WarmProvider } from "./harness/warm";
import type { Values } from "./harness/rpc";

const hostPassword = "correct-horse-battery";
const privateKeyPassword = "staple-of-the-jump-host";

/** The part of a state that stands in it as plain text: `diagnostics` is marked secret. */
const open = ({ diagnostics: _secret, ...rest }: Values): string => JSON.stringify(rest);

for (const generation of ["v4", "v3"] as const) {
    for (const way of ["secret", "login"] as const) {
        describe(`secrets with a ${way} on ${generation}`, () => {
            let sandbox: Sandbox;
            let provider: WarmProvider;
            let machine: ContainerHost;
            before(async () => {
                machine = await ContainerHost.start(hostPassword);
                sandbox = await startSandbox({ generation, timeScale: 100 });
                const { username, password, category } = sandbox.admin;
                const login = { username, password, category, apiUrl: sandbox.apiUrl };
                const config = Object.entries(login).map(([key, value]) => [`isardvdi:${key}`, value]);
                provider = await warmProvider(
                    way === "secret" ? configOf(sandbox) : (Object.fromEntries(config) as Record<string, string>),
                );
            });
            after(async () => {
                await provider.stop();
                await sandbox.stop();
                await machine.stop();
            });

            it("stand in no state, no __provider, no error, no log and no output", async () => {
                const host = machine.connection({ password: hostPassword }, { privateKeyPassword });
                const program = inputs("h1", { diagnostics: { host } });
                const { state } = await provider.create(program);
                const { state: read } = await provider.read("h1", state);
                const updated = await provider.update("h1", read, { ...program, triggers: [1] });

                sandbox.host("h1").revokeEngineKey();
                const short = { awaitOnline: { timeoutSeconds: 1 } };
                const late = await failed(provider.update("h1", updated, { ...program, ...short, triggers: [2] }));
                assert.ok(late.initError, "it failed half-way");
                const remove = sandbox.fault({
                    match: /^PUT .*update/,
                    kind: "status",
                    status: 409,
                    body: { description: `conflict for eyJhbGciOiJIUzI1NiJ9.eyJr.c2ln`, debug: sandbox.apiSecret },
                });
                const refused = await failed(provider.update("h1", updated, { ...program, description: "other" }));
                assert.match(refused.message, /conflict for/);
                remove();
                const { failures } = await provider.check(
                    {},
                    { ...program, diagnostics: { host: { ...host, port: 0 } } },
                );
                assert.equal(failures.length, 1);

                const told = [
                    open(state),
                    open(read),
                    open(updated),
                    open(late.initError.properties),
                    open(refused.initError?.properties ?? {}),
                    ...[late, refused].flatMap(({ message, initError }) => [message, ...(initError?.reasons ?? [])]),
                    JSON.stringify([failures, provider.lines, state["__provider"]]),
                    provider.output.stdout,
                    provider.output.stderr,
                    machine.arguments(),
                ].join("\n");
                // the public key stands in no state either, but it is no secret
                const brought = machine.delivered().filter((text) => text !== "");
                assert.ok(brought.length >= 3 * 6 * 2, "three registrations have brought six files each");
                for (const secret of [...given(host), ...held(), ...brought])
                    assert.ok(!told.includes(secret), `${secret} is told`);
                assert.doesNotMatch(told, /PRIVATE KEY/);
                assert.doesNotMatch(told, /eyJ/, "no token");
                assert.ok(provider.lines.length > 0);
            });

            const given = ({ privateKey = "" }: ConnectionArgs): string[] => [
                hostPassword,
                privateKey.split("\n")[1] ?? "",
                privateKeyPassword,
                sandbox.apiSecret,
                sandbox.hypervisorsSecret,
                // the sandbox's password is the product's name as well
                JSON.stringify(sandbox.admin.password),
            ];
            /** The private keys that the site itself keeps of the hypervisor. */
            const held = (): string[] => {
                const row = sandbox.hypervisors.get("h1") as { vpn?: { wireguard?: { keys?: { private?: string } } } };
                const key = row.vpn?.wireguard?.keys?.private;
                assert.ok(key, "the row has a private key that could leak");
                return [key];
            };
        });
    }
}
