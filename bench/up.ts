import { availableParallelism } from "node:os";
import { startSandbox } from "../sandbox";
import { instantEngine } from "./engine";
import type { Options } from "./options";
import type { ProgramName } from "./programs";
import { atMost, median, type Row } from "./row";
import { type Exported, Workspace } from "./workspace";

interface Up {
    seconds: number;
    requests: Record<string, number>;
}

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
        const pairs: { plain: Up; isardvdi: Up }[] = [];
        for (let pair = 1; pair <= runs; pair += 1)
            pairs.push({ plain: await once("plain", `run-${pair}`), isardvdi: await once("isardvdi", `run-${pair}`) });
        if (!state) throw new Error("no state was exported");
        return [...stateRows(state, resources), ratioRow(resources, pairs, parallel)];
    } finally {
        stopEngine();
        workspace.close();
        await sandbox.stop();
    }
}

function ratioRow(resources: number, pairs: { plain: Up; isardvdi: Up }[], parallel: number | undefined): Row {
    const [ours, plain] = (["isardvdi", "plain"] as const).map((name) => pairs.map((pair) => pair[name].seconds));
    const ratios = pairs.map((pair) => pair.isardvdi.seconds / pair.plain.seconds);
    return atMost(0.8, {
        what: `up of ${resources} hypervisors / ${resources} empty dynamic resources`,
        value: median(ours ?? []) / median(plain ?? []),
        unit: "",
        digits: 2,
        detail: {
            lowest: Math.min(...ratios),
            highest: Math.max(...ratios),
            isardvdiSeconds: ours,
            plainSeconds: plain,
            requests: pairs.at(-1)?.isardvdi.requests,
            parallel: parallel ?? `CLI default (${availableParallelism()} cores)`,
        },
    });
}

function stateRows({ resources, bytes }: { resources: Exported[]; bytes: number }, expected: number): Row[] {
    const ours = resources.filter(({ type }) => type.endsWith("isardvdi:Hypervisor"));
    if (ours.length !== expected) throw new Error(`the stack holds ${ours.length} hypervisors, not ${expected}`);
    const references = ours.map(({ outputs }) => String(outputs?.["__provider"]));
    const compact = ours.map((resource) => Buffer.byteLength(JSON.stringify(resource)));
    return [
        atMost(200, {
            what: "__provider in the state",
            value: Math.max(...references.map((text) => Buffer.byteLength(text))),
            unit: " B",
            detail: { different: new Set(references).size },
        }),
        atMost(3000, {
            what: "state per hypervisor, JSON without indentation",
            value: Math.max(...compact),
            unit: " B",
            detail: { exportedFilePerHypervisor: Math.round(bytes / expected) },
        }),
    ];
}

function tally(names: string[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
}
