import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { toolchain } from "../../toolchain";
import { passphrase } from "./settings";

const local = resolve(__dirname, "../../../.local");

/** Where `make` keeps the CLI that it has installed or built; the newest first. */
function cacheFolders(): string[] {
    const shared = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
    const cache = process.env["PULUMI_ISARDVDI_CACHE"] ?? join(shared, "pulumi-isardvdi");
    try {
        const releases = readdirSync(cache).filter((name) => name.startsWith("pulumi-"));
        return releases
            .sort()
            .reverse()
            .map((name) => join(cache, name, "bin"));
    } catch {
        return [];
    }
}

/** The environment of every CLI call: nothing of this machine's Pulumi, and none of the provider's own variables. */
export function cliEnvironment(own: Record<string, string>): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|ISARDVDI)_/.test(name));
    const chosen = process.env["TEST_CLI"];
    const folders = [dirname(toolchain().node), process.env["PATH"] ?? "", ...cacheFolders()];
    return {
        ...Object.fromEntries(inherited),
        PATH: [...(chosen === undefined ? [] : [chosen]), ...folders].join(delimiter),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // the types of every example are checked once, by tsc
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        // without it the CLI hides its --event-log
        PULUMI_DEBUG_COMMANDS: "true",
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        NO_COLOR: "1",
        // a third of the processor time of a run is Node compiling what it has compiled before
        NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? join(local, "node-cache"),
        // a run is over before it has used the memory that a collection would free
        GOGC: "400",
        ...own,
    };
}

/** Without the CLI these tests would prove nothing, so they fail. */
export function requireCli({ PATH = "" }: NodeJS.ProcessEnv): void {
    const folders = PATH.split(delimiter);
    for (const command of ["pulumi", "pulumi-language-nodejs"]) {
        if (folders.some((folder) => existsSync(join(folder, command)))) continue;
        throw new Error(
            `The end-to-end tests need the Pulumi CLI, and ${command} is neither on the PATH nor in the cache: run them with "make test", which installs it.`,
        );
    }
}
