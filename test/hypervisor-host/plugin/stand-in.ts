import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cliEnvironment } from "../../e2e/harness/cli";
import { toolchain } from "../../toolchain";

const root = resolve(__dirname, "../../..");
const installed = spawnSync("sh", ["-c", "command -v pulumi-resource-command"], { env: cliEnvironment({}) });

/** Whether the plugin of @pulumi/command is installed. */
export const isReal = installed.status === 0;

/** Lets a project use @pulumi/command, with a stand-in for the plugin where it is not installed. */
export function usesCommand(project: string): void {
    if (!isReal) standIn(project);
}

/** As an administrator names a plugin that lies in a folder. */
function standIn(project: string): void {
    const folder = join(project, "plugin");
    mkdirSync(folder);
    const script = join(folder, "pulumi-resource-command");
    const run = `exec ${toolchain().node} -r ./tools/test/register.js ${join(__dirname, "command.ts")} "$@"`;
    writeFileSync(script, `#!/bin/sh\ncd ${root}\n${run}\n`);
    chmodSync(script, 0o755);
    const yaml = readFileSync(join(project, "Pulumi.yaml"), "utf8");
    writeFileSync(
        join(project, "Pulumi.yaml"),
        `${yaml}plugins:\n  providers:\n    - name: command\n      path: ./plugin\n`,
    );
}
