import { startSandbox } from "../sandbox";
import { instantEngine } from "./engine";
import type { Options } from "./options";
import type { ProgramName } from "./programs";
import type { Row } from "./row";
import { ratioRows, type Round, stateRows, type Up } from "./up-rows";
import { type Exported, Workspace } from "./workspace";

/** `up` of hypervisors against `up` of empty dynamic resources, and what the former leave in the state. */
export async function up({ resources, runs, parallel }: Options): Promise<Row[]> {
    const sandbox = await startSandbox({ hosts: ["host"], timeScale: 1000 });
    const stopEngine = instantEngine(sandbox);
    const workspace = new Workspace(resources, {
        ISARDVDI_API_URL: sandbox.apiUrl,
        ISARDVDI_API_SECRET: sandbox.apiSecret,
    });
    let state: { resources: Exported[]; bytes: number } | undefined;

    const once = async (program: ProgramName, stack: string): Promise<Up> => {
        await workspace.pulumi(program, "stack", "init", stack);
        const before = sandbox.requests.length;
        const flags = parallel === undefined ? [] : ["--parallel", String(parallel)];
        const up = await workspace.pulumi(program, "up", "--yes", "--skip-preview", "--stack", stack, ...flags);
        const requests = tally(sandbox.requests.slice(before).map(({ method }) => method));
        if (program === "isardvdi") state ??= await workspace.export(program, stack);
        await workspace.pulumi(program, "stack", "rm", "--force", "--yes", stack);
        for (const { id } of sandbox.hypervisors.all()) sandbox.hypervisors.delete(String(id));
        return { seconds: up.seconds, requests };
    };

    try {
        // the first start of each reads its files from the disk, which no later one does
        await once("plain", "warm-up");
        await once("isardvdi", "warm-up");
        const rounds: Round[] = [];
        for (let round = 1; round <= runs; round += 1) {
            const stack = `run-${round}`;
            rounds.push({
                plain: await once("plain", stack),
                isardvdi: await once("isardvdi", stack),
                plainEach: await once("plainEach", stack),
            });
        }
        if (!state) throw new Error("no state was exported");
        return [...stateRows(state, resources), ...ratioRows(resources, rounds, parallel)];
    } finally {
        stopEngine();
        workspace.close();
        await sandbox.stop();
    }
}

function tally(names: string[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
}
