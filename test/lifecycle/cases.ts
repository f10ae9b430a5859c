import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { CliStack } from "./cli-stack";
import { Deployment } from "./deployment";
import { Broken, play } from "./play";
import { partsOf, type Story, storyOf } from "./story";

const root = resolve(__dirname, "../..");

/** A story and who plays it; as a file it can be played again. */
export interface Case {
    name: string;
    over: "grpc" | "cli";
    story: Story;
}

/** So many sites share the steps over gRPC, each with a seed and a kind of its own. */
export const sites = 4;
/** Steps of one story, or a few more. */
const lengths = { grpc: 13, cli: 5 };

/** The steps of one seed, as stories of a few. */
export const told = (over: Case["over"], seed: number, steps: number): Case[] =>
    partsOf(storyOf(seed, steps), lengths[over]).map((story, index) => ({
        name: `${over}-${seed}-${index + 1}`,
        over,
        story,
    }));

export function casesOf({ seed, steps, cliSteps }: { seed: number; steps: number; cliSteps: number }): Case[] {
    const share = Math.ceil(steps / sites);
    const seeds = Array.from({ length: sites }, (_, index) => seed + index);
    return [...seeds.flatMap((own) => told("grpc", own, share)), ...told("cli", seed + sites, cliSteps)];
}

export const caseFrom = (file: string): Case => JSON.parse(readFileSync(file, "utf8")) as Case;

/** A law that does not hold leaves the case behind, up to the step that broke it. */
export async function run({ name, over, story }: Case, say: (line: string) => void): Promise<void> {
    try {
        const stack = over === "cli" ? CliStack : Deployment;
        await play(
            story,
            ({ config }) => stack.start(config),
            (line) => say(`${name} ${line}`),
        );
    } catch (error) {
        if (!(error instanceof Broken)) throw error;
        const folder = join(root, ".local", "lifecycle");
        mkdirSync(folder, { recursive: true });
        const file = join(folder, `${name}.json`);
        writeFileSync(file, JSON.stringify({ name, over, story: error.story } satisfies Case, undefined, 1));
        error.message = `${name}, ${error.message}\nTo play it again: make stress ARGS="--replay ${relative(root, file)}"`;
        throw error;
    }
}
