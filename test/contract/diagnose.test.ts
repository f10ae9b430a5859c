import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Diagnosis } from "../../provider/diagnosis";
import type { Row } from "../../sandbox";
import { HYPERVISOR, rig, type Rig } from "../sandbox/client";
import { toolchain } from "../toolchain";

/** Compiled, as users run it. */
const CLI = resolve(__dirname, "../../dist/cli/main.js");

interface Outcome {
    code: number;
    out: string;
    err: string;
}

function run(args: string[], environment: Record<string, string> = {}): Promise<Outcome> {
    const argv = [CLI, ...args];
    const env = { PATH: process.env["PATH"], HOME: tmpdir(), ...environment };
    return new Promise((done) => {
        execFile(toolchain().node, argv, { env, timeout: 60_000 }, (error, out, err) =>
            done({ code: error ? Number(error.code) : 0, out, err }),
        );
    });
}

for (const generation of ["v3", "v4"] as const)
    describe(`pulumi-isardvdi diagnose (${generation})`, () => {
        let site: Rig;
        let environment: { ISARDVDI_API_URL: string; ISARDVDI_API_SECRET: string };
        before(async () => {
            site = await rig({ generation });
            environment = { ISARDVDI_API_URL: site.sandbox.apiUrl, ISARDVDI_API_SECRET: site.sandbox.apiSecret };
        });
        after(() => site.sandbox.stop());

        const row = (change: Row): void =>
            site.sandbox.hypervisors.set("hyper-1", {
                ...{ id: "hyper-1", hostname: "h1", port: "2022", user: "root", enabled: true, status: "Online" },
                ...{ capabilities: { disk_operations: true, hypervisor: true }, kvm_module: HYPERVISOR.kvm_module },
                ...{ detail: "", status_time: 100, vpn: { tunneling_mode: "geneve", tunnel_status: "connected" } },
                ...change,
            });
        const found = async (
            environmentNow: Record<string, string> = environment,
        ): Promise<{ cause: string; outcome: Outcome }> => {
            const outcome = await run(["diagnose", "hyper-1", "--json"], environmentNow);
            const { finding } = JSON.parse(outcome.out) as Diagnosis;
            return { cause: finding ? `${finding.step}/${finding.cause}` : "", outcome };
        };

        it("names a record that is missing, in one screen and as JSON", async () => {
            assert.equal((await found()).cause, "registration/missing");
            const { code, out } = await run(["diagnose", "hyper-1"], environment);
            assert.equal(code, 1);
            assert.match(out, /not looked at: no isardvdi:server/);
            assert.ok(out.trimEnd().split("\n").length <= 24, out);
        });

        it("finds a record that is deleted, disabled by hand, or in error", async () => {
            site.sandbox.engine.stop();
            try {
                row({ status: "Deleting" });
                assert.equal((await found()).cause, "record/deleting");
                row({ status: "Offline", enabled: false });
                assert.equal((await found()).cause, "registration/disabled");
                row({ status: "Error", detail: "Hypervisor not reachable" });
                assert.equal((await found()).cause, "ssh/engine-unreachable");
                row({ status: "Error", detail: "KVM requires virtualization support", info: { kvm_module: "" } });
                assert.equal((await found()).cause, "kvm/cached");
                row({ status: "Online" });
                const { cause, outcome } = await found();
                assert.deepEqual([cause, outcome.code], ["", 0], outcome.out);
            } finally {
                site.sandbox.engine.start();
            }
        });

        it("finds what is wrong with the API and the credentials, and shows no secret", async () => {
            const wrong = { ...environment, ISARDVDI_API_SECRET: "not-the-secret-of-this-site" };
            for (const [now, expected] of [
                [wrong, "api/unauthorized"],
                [{ ...environment, ISARDVDI_API_URL: "http://127.0.0.1:9" }, "api/unreachable"],
            ] as const) {
                const { cause, outcome } = await found(now);
                assert.deepEqual([cause, outcome.code], [expected, 1], outcome.out + outcome.err);
                assert.ok(!(outcome.out + outcome.err).includes(wrong.ISARDVDI_API_SECRET));
            }
            const end = site.sandbox.fault({ kind: "status", status: 403, match: /hypervisor/ });
            assert.equal((await found()).cause, "api/forbidden");
            end();
        });
    }).timeout(60_000);

describe("pulumi-isardvdi", () => {
    it("answers 2 where the command or the configuration is not usable, in one line", async () => {
        for (const [args, wanted, environment] of [
            [["diagnose", "h1"], /isardvdi:apiUrl is not set/, {}],
            [["diagnose"], /Name one hypervisor/, {}],
            [["diagnose", "h1", "--nonsense"], /nonsense/, {}],
            [["diagnose", "h1", "--host", "{key"], /--host is neither/, site],
            [["diagnose", "h1", "--host", "other"], /connection "other"/, site],
            [["diagnose", "h1", "--stack", "prod", "--cwd", "/nowhere"], /Unable to read stack "prod"/, {}],
            [["frobnicate"], /"frobnicate" is no command/, {}],
        ] as const) {
            const { code, err, out } = await run([...args], environment);
            assert.equal(code, 2, err);
            assert.match(err, wanted);
            assert.equal(out, "");
            assert.doesNotMatch(err, /\n\s+at /);
        }
    });

    it("documents itself", async () => {
        const { code, out } = await run(["diagnose", "--help"]);
        assert.equal(code, 0);
        for (const option of ["--site", "--host", "--stack", "--cwd", "--json"]) assert.ok(out.includes(option));
    });

    it("reads configuration and state of a stack through the pulumi command", async () => {
        const { sandbox } = await rig();
        const folder = mkdtempSync(join(tmpdir(), "diagnose-"));
        try {
            const config = {
                "isardvdi:apiUrl": { value: sandbox.apiUrl },
                "isardvdi:apiSecret": { value: sandbox.apiSecret, secret: true },
            };
            const diagnostics = {
                "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                plaintext: JSON.stringify({ host: "absent" }),
            };
            const state = {
                deployment: {
                    resources: [{ type: "x" }, { outputs: { hyperId: "hyper-1", hostname: "h1", diagnostics } }],
                },
            };
            const pulumi = join(folder, "pulumi");
            writeFileSync(join(folder, "config"), JSON.stringify(config));
            writeFileSync(join(folder, "state"), JSON.stringify(state));
            writeFileSync(
                pulumi,
                `#!/bin/sh\ncase "$1" in config) cat ${folder}/config ;; *) cat ${folder}/state ;; esac\n`,
            );
            chmodSync(pulumi, 0o755);
            const path = { PATH: `${folder}:${process.env["PATH"]}` };
            const stack = ["diagnose", "hyper-1", "--stack", "prod", "--json"];
            // the state's own connection is looked up, and what it is named after is not configured
            assert.match((await run(stack, path)).err, /connection "absent"/);
            const connections = JSON.stringify({ absent: { host: "127.0.0.1", port: 9, dialErrorLimit: 0 } });
            const { out, err } = await run(stack, { ...path, ISARDVDI_CONNECTIONS: connections });
            const told = JSON.parse(out) as Diagnosis;
            assert.equal(told.finding?.cause, "missing", err);
            assert.match(told.steps.find(({ step }) => step === "libvirt")?.why ?? "", /127\.0\.0\.1/);
        } finally {
            rmSync(folder, { recursive: true });
            await sandbox.stop();
        }
    });
}).timeout(60_000);

const site = { ISARDVDI_API_URL: "http://127.0.0.1:9", ISARDVDI_API_SECRET: "x" };
