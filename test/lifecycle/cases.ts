import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { CliStack } from "./cli-stack";
import { Deployment } from "./deployment";
import { Broken, play } from "./play";
import { type Story, storyOf } from "./story";

const root = resolve(__dirname, "../..");

/** A story and who plays it; as a file it can be played again. */
export interface Case {
    name: string;
    over: "grpc" | "cli";
    story: Story;
}

/** So many worlds share the steps over gRPC, each with a seed and a kind of site of its own. */
const worlds = 4;

export function casesOf({ seed, steps, cliSteps }: { seed: number; steps: number; cliSteps: number }): Case[] {
    const share = Math.ceil(steps / worlds);
    const each = Array.from({ length: steps > 0 ? worlds : 0 }, (_, index) => seed + index);
    return [
        ...each.map((own): Case => ({ name: `grpc-${own}`, over: "grpc", story: storyOf(own, share) })),
        ...(cliSteps > 0
            ? [{ name: `cli-${seed}`, over: "cli" as const, story: storyOf(seed + worlds, cliSteps) }]
            : []),
    ];
}

export const caseFrom = (file: string): Case => JSON.parse(readFileSync(file, "utf8")) as Case;

/** A law that does not hold leaves the case behind, up to the step that broke it. */
export async function run({ name, over, story }: Case, told: (line: string) => void): Promise<void> {
    try {
        const stack = over === "cli" ? CliStack : Deployment;
        await play(
            story,
            ({ config }) => stack.start(config),
            (line) => told(`${name} ${line}`),
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
