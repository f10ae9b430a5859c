import { availableParallelism } from "node:os";
import type { ProgramName } from "./programs";
import { atMost, median, type Row } from "./row";
import type { Exported } from "./workspace";

export interface Up {
    seconds: number;
    requests: Record<string, number>;
}

export type Round = Record<Exclude<ProgramName, "site">, Up>;

export function ratioRows(resources: number, rounds: Round[], parallel: number | undefined): Row[] {
    const seconds = (name: keyof Round): number[] => rounds.map((round) => round[name].seconds);
    const against = (name: keyof Round, what: string): Row => {
        const ratios = rounds.map((round) => round.isardvdi.seconds / round[name].seconds);
        return atMost(0.8, {
            what: `up of ${resources} hypervisors / ${what}`,
            value: median(seconds("isardvdi")) / median(seconds(name)),
            unit: "",
            digits: 2,
            detail: {
                lowest: Math.min(...ratios),
                highest: Math.max(...ratios),
                isardvdiSeconds: seconds("isardvdi"),
                plainSeconds: seconds(name),
                requests: rounds.at(-1)?.isardvdi.requests,
                parallel: parallel ?? `CLI default (${availableParallelism()} cores)`,
            },
        });
    };
    return [
        against("plain", `${resources} empty dynamic resources`),
        against("plainEach", "the same, a provider object each"),
    ];
}

export function stateRows({ resources, bytes }: { resources: Exported[]; bytes: number }, expected: number): Row[] {
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
