import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { toolchain } from "../../toolchain";

/** What a program deploys; written between two runs, it is a change of the program. */
export interface Program {
    hypervisors: Record<string, HypervisorArguments>;
    /** Name of a component that is the parent of all of them. */
    component?: string;
    /** Outputs of the stack, by hypervisor. */
    exports?: string[];
}
export type HypervisorArguments = Record<string, unknown>;

// JavaScript, because ts-node would double the time of every run
const index = `
const pulumi = require("@pulumi/pulumi");
const { Hypervisor } = require("pulumi-isardvdi");
const { hypervisors, component, exports: names = ["status"] } = require("./program.json");

const parent = component && new pulumi.ComponentResource("e2e:Component", component);
for (const [name, args] of Object.entries(hypervisors)) {
    const made = new Hypervisor(name, args, parent ? { parent } : {});
    exports[name] = Object.fromEntries(names.map((each) => [each, made[each]]));
}
`;

/** A program's folder outside the repository, in which the package is found as an installed one is. */
export function writeProject(folder: string): void {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), "name: e2e\nruntime: {name: nodejs, options: {typescript: false}}\n");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "e2e", main: "index.js" }));
    writeFileSync(join(folder, "index.js"), index);
    const { modules } = toolchain();
    for (const [name, target] of [
        ["pulumi-isardvdi", join(modules, "pulumi-isardvdi")],
        ["@pulumi", join(modules, "@pulumi")],
    ] as const) {
        const link = join(folder, "node_modules", name);
        mkdirSync(dirname(link), { recursive: true });
        symlinkSync(target, link);
    }
}

export function writeProgram(folder: string, program: Program): void {
    writeFileSync(join(folder, "program.json"), JSON.stringify(program));
}
