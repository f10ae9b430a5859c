import { strict as assert } from "node:assert";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import type { Stack } from "./stack";

const examples = resolve(__dirname, "../../../examples");

/** Makes an example the program of a stack, each text of it replaced that is given; every one must occur. */
export function example(name: string, stack: Stack, replaced: Record<string, string> = {}): void {
    let program = readFileSync(join(examples, name, "index.ts"), "utf8");
    for (const [text, other] of Object.entries(replaced)) {
        assert.ok(program.includes(text), `examples/${name} has no ${JSON.stringify(text)} any more`);
        program = program.replace(text, other);
    }
    writeFileSync(join(stack.project, "index.js"), compiled(program));
}

/** The same as a user has it, compiled anew by each run of the CLI. */
export function typescriptExample(name: string, stack: Stack): void {
    copyFileSync(join(examples, name, "index.ts"), join(stack.project, "index.ts"));
    writeFileSync(join(stack.project, "package.json"), JSON.stringify({ name: "e2e", main: "index.ts" }));
    writeFileSync(join(stack.project, "Pulumi.yaml"), "name: e2e\nruntime: nodejs\n");
}

/** Whether the types are right is the business of tsc. */
export const compiled = (program: string): string =>
    ts.transpile(program, { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true });
