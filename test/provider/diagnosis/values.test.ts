import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diagnose } from "../../../provider/diagnosis";
import { serverQuestions } from "../../../provider/diagnosis/probe/server";
import { systemClock } from "../../../provider/world";
import { testWorld } from "../../world/world";
import { PlayedMachine } from "./machines";
import { healthy, serverCommands } from "./world";

const hostile = [
    "-f/etc/shadow",
    "-oProxyCommand=id",
    "--",
    "h1 -f/etc/shadow",
    "h1;id",
    "$(id)",
    "h1\n-f",
    "",
    "/",
    "ñ",
];

/** What sh hands to a command that the questions name. */
function argumentsOf(command: string, question = ""): string[] {
    const folder = mkdtempSync(join(tmpdir(), "values-"));
    try {
        const path = join(folder, command);
        writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@"\n`);
        chmodSync(path, 0o755);
        const env = { PATH: `${folder}:/usr/bin:/bin` };
        return execFileSync("/bin/sh", ["-c", question], { env, encoding: "utf8" }).trimEnd().split("\n");
    } finally {
        rmSync(folder, { recursive: true });
    }
}

describe("what an API says, as a command on the server has it", () => {
    it("is a host's name behind the end of all options", () => {
        const { offered } = serverQuestions({ hyperId: "hyper-01", hostname: "h1.example.org", sshPort: 2022 });
        assert.deepEqual(argumentsOf("ssh-keyscan", offered), ["-T", "4", "-p", "2022", "--", "h1.example.org"]);
    });

    for (const value of hostile) {
        it(`is nothing where it is no host's name: ${JSON.stringify(value)}`, async () => {
            const server = new PlayedMachine(serverCommands(healthy()));
            const { steps } = await diagnose(
                {
                    subject: { hyperId: "hyper-01", hostname: value },
                    api: () => Promise.reject(new Error("not at hand")),
                    server: { remote: server },
                    host: { why: "not configured" },
                },
                testWorld(systemClock),
            );
            assert.equal(steps.find(({ step }) => step === "dns")?.state, "failed");
            assert.equal(server.scripts.length, 1, "the rest is looked at all the same");
            assert.doesNotMatch(server.scripts[0] ?? "", /ssh-keyscan|getent|shadow|ProxyCommand|\$\(id\)|ñ/);
        });

        it(`is no port of Open vSwitch where it is no id of one: ${JSON.stringify(value)}`, () => {
            const { bfd, ovs } = serverQuestions({ hyperId: value, hostname: "h1.example.org" });
            assert.equal(bfd, undefined);
            assert.match(ovs ?? "", /ovs-vsctl show$/);
        });
    }
});
