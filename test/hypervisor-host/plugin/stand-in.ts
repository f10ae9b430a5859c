import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cliEnvironment } from "../../e2e/harness/cli";
import { toolchain } from "../../toolchain";

const root = resolve(__dirname, "../../..");
const isInstalled = (name: string): boolean =>
    spawnSync("sh", ["-c", `command -v pulumi-resource-${name}`], { env: cliEnvironment({}) }).status === 0;
const missing = ["command", "docker"].filter((name) => !isInstalled(name));

/** Whether the plugins of @pulumi/command and @pulumi/docker are installed. */
export const isReal = missing.length === 0;

/** Lets a project use @pulumi/command and @pulumi/docker, with a stand-in for each plugin that is not installed. */
export function usesPlugins(project: string): void {
    if (isReal) return;
    mkdirSync(join(project, "plugin"));
    const named = missing.map((name) => standIn(project, name));
    appendFileSync(join(project, "Pulumi.yaml"), `plugins:\n  providers:\n${named.join("")}`);
}

/** As an administrator names a plugin that lies in a folder. */
function standIn(project: string, name: string): string {
    const folder = join(project, "plugin", name);
    mkdirSync(folder);
    const script = join(folder, `pulumi-resource-${name}`);
    const run = `exec ${toolchain().node} -r ./tools/test/register.js ${join(__dirname, `${name}.ts`)} "$@"`;
    writeFileSync(script, `#!/bin/sh\ncd ${root}\n${run}\n`);
    chmodSync(script, 0o755);
    return `    - name: ${name}\n      path: ./plugin/${name}\n`;
}
