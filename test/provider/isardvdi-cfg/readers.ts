import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What a real sh has in a variable after it has read the file; undefined when it is unset. */
export function asShell(folder: string, file: Buffer, key: string): string | undefined {
    const path = join(folder, "file.cfg");
    writeFileSync(path, file);
    const script = `unset ${key}; HOME=/home/x; . "$1" 2>/dev/null; [ -n "\${${key}+set}" ] && printf "%s." "$${key}"`;
    const { stdout } = spawnSync("sh", ["-c", script, "sh", path], { env: { PATH: "/bin:/usr/bin" } });
    return stdout.length > 0 ? stdout.toString("utf8").slice(0, -1) : undefined;
}

/** The parser of docker compose itself, built from its Go module; undefined where that cannot be had. */
export function composeReader(): ((texts: string[]) => Record<string, string>[]) | undefined {
    const folder = join(homedir(), ".cache", "pulumi-isardvdi", "compose-dotenv");
    const program = join(folder, "dotenvread");
    try {
        mkdirSync(folder, { recursive: true });
        execFileSync("go", ["build", "-o", program, "."], {
            cwd: join(__dirname, "compose"),
            stdio: "pipe",
            timeout: 120_000,
        });
    } catch {
        return undefined;
    }
    return (texts) => {
        const input = texts.map((text) => JSON.stringify(text)).join("\n");
        const lines = execFileSync(program, { input, maxBuffer: 1 << 26 })
            .toString("utf8")
            .trimEnd()
            .split("\n");
        return lines.map((line) => JSON.parse(line) as Record<string, string>);
    };
}
