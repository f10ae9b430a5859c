import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

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
    return {
        ...Object.fromEntries(inherited),
        PATH: [process.env["PATH"] ?? "", ...cacheFolders()].join(delimiter),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // the types of every example are checked once, by tsc
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        // without it the CLI hides its --event-log
        PULUMI_DEBUG_COMMANDS: "true",
        PULUMI_CONFIG_PASSPHRASE: "correct horse battery staple",
        NO_COLOR: "1",
        ...own,
    };
}

/** Without the CLI these tests would prove nothing, so they fail. */
export function requireCli(env: NodeJS.ProcessEnv): void {
    for (const [command, argument] of [
        ["pulumi", "version"],
        ["pulumi-language-nodejs", "-version"],
    ] as const) {
        if (spawnSync(command, [argument], { env }).error === undefined) continue;
        throw new Error(
            `The end-to-end tests need the Pulumi CLI, and ${command} is neither on the PATH nor in the cache: run them with "make test", which installs it.`,
        );
    }
}
