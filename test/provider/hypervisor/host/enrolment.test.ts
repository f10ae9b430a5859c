import { strict as assert } from "node:assert";
import { inspect } from "node:util";
import type { ConnectionArgs } from "../../../../provider/connection";
import { IsardvdiError } from "../../../../provider/errors";
import { hypervisor } from "../../../../provider/hypervisor";
import { incompleteKey } from "../../../../provider/property/changes";
import { openSite } from "../../../../provider/isardvdi";
import { enrolmentOf } from "../../../../provider/isardvdi/enrolment";
import type { CommandResult, Remotes } from "../../../../provider/remote/remote";
import { type Context, PartialFailure, type Values } from "../../../../provider/resource";
import { systemClock } from "../../../../provider/world";
import { type Sandbox, startSandbox } from "../../../../sandbox";
import { testWorld } from "../../../world/world";

interface Ran {
    script: string;
    input: string | undefined;
}

/** A host that keeps what it was told to run, and answers as it is told to. */
function fakeHost() {
    const ran: Ran[] = [];
    let answer = (_ran: Ran): CommandResult | Error => ({ code: 0, stdout: "amd\ndevice\n", stderr: "" });
    const remotes: Remotes = {
        open: ({ host }: ConnectionArgs) => ({
            name: `root@${host}:22`,
            run: (script, _call, input) => {
                ran.push({ script, input });
                const given = answer({ script, input });
                return given instanceof Error ? Promise.reject(given) : Promise.resolve(given);
            },
            runAnew: () => Promise.reject(new Error("not asked here")),
            connect: () => Promise.reject(new Error("not asked here")),
        }),
        close: () => Promise.resolve(),
    };
    return { ran, remotes, answers: (next: typeof answer) => (answer = next) };
}

const exits = (code: number) => (): CommandResult => ({ code, stdout: "", stderr: "some PRIVATE KEY of the host's" });
const unreachable = (): Error =>
    new IsardvdiError({
        code: "ssh-unreachable",
        action: "reach",
        resource: "root@h1:22",
        seen: "no route to host",
        advice: "Start the host.",
    });

for (const generation of ["v4", "v3"] as const) {
    describe(`a registration with the host at hand on ${generation}`, () => {
        let sandbox: Sandbox;
        let host: ReturnType<typeof fakeHost>;
        let context: Context;
        let world: ReturnType<typeof testWorld>;
        beforeEach(async () => {
            sandbox = await startSandbox({ generation, timeScale: 100 });
            host = fakeHost();
            world = testWorld(systemClock);
            const settings = {
                name: "default",
                apiUrl: sandbox.apiUrl,
                credentials: { kind: "secret", apiSecret: sandbox.apiSecret, apiSecretKid: "isardvdi" },
                insecureSkipTlsVerify: false,
                apiGeneration: "auto",
            } as const;
            const none = (): never => assert.fail("not asked here");
            context = {
                world,
                remotes: host.remotes,
                sites: { open: () => openSite(settings, world), feed: () => Promise.resolve(undefined) },
                configuration: {
                    site: () => settings,
                    connection: none,
                    connectionNames: [],
                    server: () => undefined,
                    ssh: { knownHosts: [], privateKeys: [] },
                },
            };
        });
        afterEach(async () => await sandbox.stop());

        const inputs = (more: Values = {}): Values => ({
            hyperId: "h1",
            hostname: "h1",
            kvmModule: "intel",
            diagnostics: { host: { host: "h1" } },
            ...more,
        });
        const registrations = () =>
            sandbox.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/hypervisor"));
        const create = (program: Values) => hypervisor.lifecycle.create(program, context);
        const partial = async (running: Promise<unknown>): Promise<PartialFailure> => {
            const error: unknown = await running.catch((each: unknown) => each);
            assert.ok(error instanceof PartialFailure, inspect(error));
            return error;
        };
        /** What was delivered, by name. */
        const delivered = (): Map<string, string>[] =>
            host.ran
                .filter(({ input }) => input !== undefined)
                .map(
                    ({ input = "" }) =>
                        new Map(
                            input
                                .trimEnd()
                                .split("\n")
                                .map((line) => line.split(" ") as [string, string, string])
                                .map(([, name, data]) => [name, Buffer.from(data, "base64").toString()]),
                        ),
                );

        it("takes the engine's key and the certificates to the container, before it enables", async () => {
            let enabled: unknown;
            host.answers(() => {
                enabled = sandbox.hypervisors.get("h1")?.["enabled"];
                return { code: 0, stdout: "", stderr: "" };
            });
            const { state } = await create(inputs());
            assert.equal(state["status"], "Online");
            assert.equal(enabled, false);
            const [files, ...more] = delivered();
            assert.deepEqual(more, []);
            assert.match(files?.get("engine") ?? "", /^ssh-ed25519 \S+/);
            assert.match(files?.get("server-key.pem") ?? "", /BEGIN PRIVATE KEY/);
            assert.deepEqual([...(files?.keys() ?? [])].sort(), [
                "ca-cert.pem",
                "ca-key.pem",
                "engine",
                "server-cert.pem",
                "server-key.csr",
                "server-key.pem",
            ]);
        });

        it("keeps them out of the command, the log, the state and the errors", async () => {
            const told: unknown[] = [(await create(inputs())).state];
            host.answers(exits(126));
            const failure = await partial(
                hypervisor.lifecycle.create(inputs({ hyperId: "h2", hostname: "h2" }), context),
            );
            told.push(
                failure.state,
                inspect(failure, { depth: 9, showHidden: true }),
                world.lines,
                host.ran.map((each) => each.script),
            );
            const text = JSON.stringify(told);
            const secrets = delivered().flatMap((files) => [...files.values()]);
            assert.ok(secrets.length >= 12);
            for (const secret of secrets)
                for (const part of [secret, Buffer.from(secret).toString("base64"), secret.split("\n")[1] ?? secret])
                    assert.ok(!text.includes(JSON.stringify(part).slice(1, -1)), part);
            assert.doesNotMatch(text, /PRIVATE KEY/);
        });

        it("fails with the record kept when there is no container, and delivers with the next up", async () => {
            host.answers(exits(42));
            const failure = await partial(create(inputs()));
            assert.match(
                failure.message,
                /^Unable to enrol hypervisor "h1": .* cannot be taken to root@h1:22: there is no isard-hypervisor container.*Start it .*pulumi up again.*$/,
            );
            assert.equal(failure.message.includes("\n"), false);
            assert.equal(sandbox.hypervisors.get("h1")?.["enabled"], false);
            host.answers(exits(0));
            const state = await hypervisor.lifecycle.update("h1", failure.state, inputs(), context);
            assert.deepEqual([state["status"], state[incompleteKey]], ["Online", undefined]);
            assert.deepEqual([registrations().length, delivered().length], [2, 2]);
        });

        it("takes a host that cannot be reached for no hypervisor that does not answer", async () => {
            host.answers(unreachable);
            const failure = await partial(create(inputs()));
            assert.match(
                failure.message,
                /cannot be taken to root@h1:22: no route to host\. Start the host\. Then run/,
            );
            assert.equal(registrations().length, 1);
        });

        it("does not interrupt a hypervisor that runs for a delivery that cannot be made", async () => {
            const { state } = await create(inputs());
            host.answers(exits(43));
            const failure = await partial(hypervisor.lifecycle.update("h1", state, inputs({ triggers: [1] }), context));
            assert.match(failure.message, /the isard-hypervisor container does not run/);
            const { status, enabled } = sandbox.hypervisors.get("h1") ?? {};
            assert.deepEqual([status, enabled, registrations().length], ["Online", true, 1]);
            host.answers(exits(0));
            await hypervisor.lifecycle.update("h1", failure.state, inputs({ triggers: [1] }), context);
            assert.deepEqual([registrations().length, delivered().length], [2, 2]);
        });

        it("goes nowhere without diagnostics.host", async () => {
            await create(inputs({ diagnostics: undefined }));
            assert.deepEqual(host.ran, []);
        });

        it("asks the host for its virtualisation only where the release needs it", async () => {
            const { state } = await create(inputs({ kvmModule: undefined }));
            const asked = host.ran.filter(({ script }) => script.includes("/proc/cpuinfo")).length;
            if (generation === "v3") return assert.deepEqual([asked, state["kvmModule"]], [0, undefined]);
            assert.deepEqual([asked, state["kvmModule"]], [1, "amd"]);
            assert.equal(sandbox.hypervisors.get("h1")?.["kvm_module"], "amd");
        });

        if (generation === "v3") return;
        it("registers nothing when the host has no virtualisation, and warns without /dev/kvm", async () => {
            host.answers(() => ({ code: 0, stdout: "none\nno-device\n", stderr: "" }));
            await assert.rejects(
                create(inputs({ kvmModule: undefined })),
                /root@h1:22 has neither a KVM module nor vmx/,
            );
            assert.equal(registrations().length, 0);
            host.answers(() => ({ code: 0, stdout: "intel\nno-device\n", stderr: "" }));
            await create(inputs({ kvmModule: undefined }));
            assert.equal(world.lines.filter(({ level }) => level === "warn").length, 1);
        });
    });
}

describe("the private part of a registration's answer", () => {
    const certs = { "id_rsa.pub": "ssh-ed25519 AAAA engine\n", "ca-key.pem": "secret", "../x": "no", n: 1 };

    it("shows nothing, and goes to one receiver, once", async () => {
        const enrolment = enrolmentOf(certs);
        const shown = inspect(enrolment, { depth: 9, showHidden: true }) + JSON.stringify({ enrolment });
        assert.doesNotMatch(shown, /secret|AAAA/);
        const received: unknown[] = [];
        for (let time = 0; time < 2; time += 1)
            await enrolment.handTo((material) => Promise.resolve(void received.push(material)));
        assert.deepEqual(received, [
            { engineKey: "ssh-ed25519 AAAA engine", certificates: { "ca-key.pem": "secret" } },
        ]);
    });

    it("names no path but a plain one, and no key with characters that none has", async () => {
        const names = ["../x", "-rf", "/etc/passwd", "a b", "$(id)", "", ".bashrc"];
        const key = "ssh-ed25519 AAAA\u001b]0;x\u0007";
        const sent = { ...Object.fromEntries(names.map((name) => [name, "x"])), "id_rsa.pub": key };
        await enrolmentOf(sent).handTo((material) =>
            Promise.resolve(assert.deepEqual(material, { engineKey: undefined, certificates: {} })),
        );
    });

    it("holds no key that is more than one line", async () => {
        for (const key of [
            "ssh-rsa AAAA x\nssh-rsa BBBB y",
            "",
            'command="x" ssh-rsa AAAA',
            "ssh-rsa -f/x",
            "ssh-rsa AAAA\0",
            7,
        ])
            await enrolmentOf({ "id_rsa.pub": key }).handTo(({ engineKey }) =>
                Promise.resolve(assert.equal(engineKey, undefined)),
            );
    });
});
