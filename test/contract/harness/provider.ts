import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertBuilt } from "./built";
import { startEngine } from "./engine";
import { openRpc } from "./rpc";

const root = join(__dirname, "..", "..", "..");

/** Starts the stock dynamic-provider process, in a program's folder of its own, and speaks gRPC with it. */
export async function startProvider(config: Record<string, string> = {}, environment: NodeJS.ProcessEnv = {}) {
    assertBuilt(root);
    const folder = mkdtempSync(join(tmpdir(), "contract-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules", "pulumi-isardvdi"));
    symlinkSync(join(root, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"));
    writeFileSync(join(folder, "package.json"), "{}");
    const engine = await startEngine();
    const script = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
    const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ISARDVDI_")));
    const child = spawn(process.execPath, [script, engine.address], {
        cwd: folder,
        env: { ...bare, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
    const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const port = await new Promise<number>((resolve, reject) => {
        child.stdout.on("data", () => output.stdout.includes("\n") && resolve(Number(output.stdout)));
        void exited.then(() => reject(new Error(`the provider ended before it told its port: ${output.stderr}`)));
    });
    const rpc = openRpc(port);
    await rpc.configure(config);
    return {
        ...rpc,
        lines: engine.lines,
        output,
        exited,
        kill: (signal: NodeJS.Signals) => child.kill(signal),
        async stop() {
            rpc.close();
            child.kill("SIGKILL");
            await exited;
            engine.stop();
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

export type Provider = Awaited<ReturnType<typeof startProvider>>;
