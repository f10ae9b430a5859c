import { writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { feed } from "./feed";
import { forwards } from "./forwards";
import { load } from "./load";
import { help, type Options, options } from "./options";
import { polling } from "./polling";
import { refresh } from "./refresh";
import type { Row } from "./row";
import { stopAll } from "./run";
import { table } from "./table";
import { unchanged } from "./unchanged";
import { up } from "./up";

const measures: Record<string, (options: Options) => Promise<Row[]>> = {
    load,
    refresh,
    polling,
    feed,
    forwards,
    up,
    unchanged,
};

async function main(): Promise<void> {
    const wanted = options();
    if (wanted === "help") {
        process.stdout.write(help);
        return;
    }
    const { only, json, out } = wanted;
    if (only !== undefined && !measures[only])
        throw new Error(`--only must be one of ${Object.keys(measures).join(", ")}, not "${only}".`);
    const rows: Row[] = [];
    for (const [name, measure] of Object.entries(measures)) {
        if (only !== undefined && only !== name) continue;
        process.stderr.write(`measuring ${name} …\n`);
        rows.push(...(await measure(wanted)));
    }
    const { resources, runs } = wanted;
    const machine = {
        cores: availableParallelism(),
        memoryGb: Math.round(totalmem() / 2 ** 30),
        node: process.version,
    };
    const text = `${JSON.stringify({ machine, resources, runs, rows }, undefined, 2)}\n`;
    if (out !== undefined) writeFileSync(out, text);
    process.stdout.write(json ? text : table(rows));
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
        stopAll();
        process.exit(1);
    });
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
