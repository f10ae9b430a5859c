import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolchain } from "../../toolchain";
import { assertBuilt } from "./built";
import { startEngine } from "./engine";

const root = join(__dirname, "..", "..", "..");

/** Starts the stock dynamic-provider process, in a program's folder of its own. */
export async function startProcess(environment: NodeJS.ProcessEnv = {}) {
    assertBuilt(root);
    const { node, modules } = toolchain();
    const folder = mkdtempSync(join(tmpdir(), "contract-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(realpathSync(join(modules, "pulumi-isardvdi")), join(folder, "node_modules", "pulumi-isardvdi"));
    symlinkSync(join(modules, "@pulumi"), join(folder, "node_modules", "@pulumi"));
    writeFileSync(join(folder, "package.json"), "{}");
    const engine = await startEngine();
    const script = join(modules, "@pulumi", "pulumi", "cmd", "dynamic-provider");
    const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ISARDVDI_")));
    const child = spawn(node, [script, engine.address], {
        cwd: folder,
        env: { ...bare, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
    });
    const end = (): void => {
        child.kill("SIGKILL");
        rmSync(folder, { recursive: true, force: true });
    };
    // one that a test forgot ends with the tests
    process.once("exit", end);
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
    const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const port = await new Promise<number>((resolve, reject) => {
        child.stdout.on("data", () => output.stdout.includes("\n") && resolve(Number(output.stdout)));
        void exited.then(() => reject(new Error(`the provider ended before it told its port: ${output.stderr}`)));
    });
    return {
        port,
        lines: engine.lines,
        output,
        exited,
        kill: (signal: NodeJS.Signals) => child.kill(signal),
        async stop() {
            end();
            process.off("exit", end);
            await exited;
            engine.stop();
        },
    };
}

export type ProviderProcess = Awaited<ReturnType<typeof startProcess>>;
