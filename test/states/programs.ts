import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { compileFunction } from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import type { Stack } from "../e2e/harness/stack";
import type { Program } from "./recording";

const root = resolve(__dirname, "../..");

/** Of every recorded stack; it is part of each URN. */
export const project = "e2e";

const declares = `
const sdk = require("pulumi-isardvdi");
const made = {};
for (const { type, name, args, after } of require("./declared.json"))
    made[name] = new sdk[type](name, args, { dependsOn: after.map((first) => made[first]) });
`;

/** JavaScript, because ts-node would double the time of every run. */
const compiled = (text: string): string =>
    transpileModule(text, {
        compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true },
    }).outputText;

/** Makes a program the one of a stack. */
export function writeProgram(stack: Stack, program: Program): void {
    const isText = "text" in program;
    writeFileSync(join(stack.project, "index.js"), isText ? compiled(program.text) : declares);
    if (!isText) writeFileSync(join(stack.project, "declared.json"), JSON.stringify(program.resources));
}

/** A resource as the package's own classes register it. */
export interface Registered {
    name: string;
    type: string;
    inputs: Record<string, unknown>;
}

/** What a program registers, in its order; each resource has the outputs that it is known to have. */
export async function registeredBy(
    program: Program,
    { stack, config }: { stack: string; config: Record<string, string> },
    outputsOf: (type: string, name: string) => Record<string, unknown> | undefined,
): Promise<Registered[]> {
    const made: Registered[] = [];
    pulumi.runtime.setAllConfig(config);
    await pulumi.runtime.setMocks(
        {
            newResource: ({ name, type, inputs, id }) => {
                made.push({ name, type, inputs: inputs as Record<string, unknown> });
                return { id: id ?? name, state: outputsOf(type, name) ?? (inputs as object) };
            },
            call: () => ({}),
        },
        project,
        stack,
    );
    const own = createRequire(join(root, "package.json"));
    const given = "text" in program ? {} : { "./declared.json": program.resources };
    const required = (name: string): unknown => (name in given ? given["./declared.json"] : own(name));
    const text = "text" in program ? compiled(program.text) : declares;
    const run = compileFunction(text, ["require", "exports"]) as (require: unknown, exports: object) => void;
    run(required, {});
    await pulumi.runtime.disconnect();
    return made;
}
