import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

const root = join(__dirname, "..", "..");
const documents = [
    "README.md",
    ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((path) => `docs/${path}`),
].filter((path) => path.endsWith(".md"));

/** Each block of TypeScript, as a file beside the sources, so that it finds what they find. */
const blocks = documents.flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text = ""], index) => ({
        name: `${path}, block ${index + 1}`,
        file: join(root, `${path.replaceAll("/", "-")}-${index + 1}.ts`),
        // a block is a module, whatever it imports
        text: `${text}\nexport {};\n`,
    })),
);

describe("the TypeScript in README and docs", function () {
    this.timeout(120_000);
    const mistakes = new Map<string, string[]>();
    before(() => {
        const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => readFileSync(path, "utf8")) as {
            config: object;
        };
        const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
        const host = ts.createCompilerHost(options);
        const own = new Map(blocks.map(({ file, text }) => [file, text]));
        const files = ts.createCompilerHost(options);
        host.fileExists = (path) => own.has(path) || files.fileExists(path);
        host.readFile = (path) => own.get(path) ?? files.readFile(path);
        host.getSourceFile = (path, languageVersion, ...rest) => {
            const text = own.get(path);
            if (text === undefined) return files.getSourceFile(path, languageVersion, ...rest);
            return ts.createSourceFile(path, text, languageVersion);
        };
        const program = ts.createProgram([...own.keys()], { ...options, noEmit: true, noUnusedLocals: false }, host);
        for (const { file } of blocks) {
            const found = program.getSourceFile(file);
            const diagnostics = [...program.getSyntacticDiagnostics(found), ...program.getSemanticDiagnostics(found)];
            mistakes.set(
                file,
                diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")),
            );
        }
    });

    it("is there at all", () => assert.ok(blocks.length > 5, `${blocks.length} blocks`));
    for (const { name, file } of blocks) it(`compiles: ${name}`, () => assert.deepEqual(mistakes.get(file), []));
});
