import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { ESLint } from "eslint";

const root = join(__dirname, "..", "..");
const rules = ["import-x/no-restricted-paths", "no-restricted-syntax"];
/** Without the rules that need types, and so without a program. */
const untyped = { languageOptions: { parserOptions: { project: null } } };

interface Layers {
    layers: string[][];
    exceptions: Record<string, string[]>;
    noUpward: (basePath: string) => ESLint.ConfigData["rules"];
}

describe("the linter", () => {
    let layers: Layers;
    before(async () => {
        const path = join(root, "tools", "layers.mjs");
        layers = (await import(path)) as Layers;
    });

    const linter = (rules_: ESLint.ConfigData["rules"] = {}): ESLint =>
        new ESLint({
            cwd: root,
            overrideConfig: { ...untyped, rules: rules_ },
            ruleFilter: ({ ruleId }) => rules.includes(ruleId),
        });
    const told = async (file: string, text: string): Promise<(string | null)[]> => {
        const [result] = await linter().lintText(text, { filePath: join(root, file) });
        return (result?.messages ?? []).map(({ ruleId }) => ruleId);
    };

    const [upward, syntax] = rules;
    const bites: { name: string; file: string; text: string; rule: string | undefined }[] = [
        { name: "a value", file: "provider/errors.ts", text: 'import { x } from "./isardvdi/api";', rule: upward },
        {
            name: "a type",
            file: "provider/remote/name.ts",
            text: 'import type { X } from "../firewall/rules";',
            rule: upward,
        },
        {
            name: "an export",
            file: "provider/diagnosis/index.ts",
            text: 'export * from "../hypervisor";',
            rule: upward,
        },
        {
            name: "a late import",
            file: "provider/hypervisor/plan.ts",
            text: 'void import("../front/check.js");',
            rule: upward,
        },
        { name: "the sandbox", file: "cli/main.ts", text: 'import { startSandbox } from "../sandbox";', rule: upward },
        {
            name: "more than the exceptions",
            file: "provider/configuration.ts",
            text: 'import type { X } from "./isardvdi/transport";',
            rule: upward,
        },
        { name: "a type by its path", file: "sdk/index.ts", text: 'type X = import("../test/x").X;', rule: syntax },
        { name: "a timeout", file: "provider/hypervisor/plan.ts", text: "AbortSignal.timeout(1);", rule: syntax },
        {
            name: "a timeout of the environment's reader",
            file: "provider/configuration.ts",
            text: "AbortSignal.timeout(1);",
            rule: syntax,
        },
        { name: "a timeout of the sandbox", file: "sandbox/site.ts", text: "AbortSignal.timeout(1);", rule: syntax },
        {
            name: "a timeout in a test, where only an AbortSignal.any has it",
            file: "test/world/world.ts",
            text: "AbortSignal.any([signal, AbortSignal.timeout(1)]);",
            rule: syntax,
        },
        { name: "the environment", file: "sdk/index.ts", text: "process.env.X;", rule: syntax },
        { name: "the terminal", file: "cli/adopt/run.ts", text: 'process.stderr.write("x");', rule: syntax },
    ];
    for (const { name, file, text, rule } of bites)
        it(`refuses ${name} in ${file}`, async () => assert.deepEqual(await told(file, text), [rule]));

    it("lets a layer import from itself and from below, and a test have a timeout", async () => {
        assert.deepEqual(await told("provider/isardvdi/site.ts", 'import "../remote"; import "../errors";'), []);
        assert.deepEqual(await told("test/world/world.ts", "AbortSignal.timeout(1);"), []);
    });

    it("knows the layer of every file", () => {
        const names = readdirSync(join(root, "provider")).map((entry) => `provider/${entry}`);
        assert.deepEqual(
            layers.layers
                .flat()
                .filter((path) => path.startsWith("provider/"))
                .sort(),
            names.sort(),
        );
    });

    it("allows the exceptions, and keeps none that is not needed any more", async () => {
        const files = Object.keys(layers.exceptions).map((file) => resolve(root, file));
        const counted = async (eslint: ESLint): Promise<number[]> =>
            (await eslint.lintFiles(files)).map(({ messages }) => messages.length);
        assert.deepEqual(
            await counted(linter()),
            files.map(() => 0),
        );
        assert.deepEqual(
            await counted(linter(layers.noUpward(root))),
            Object.values(layers.exceptions).map(({ length }) => length),
        );
    });
});
