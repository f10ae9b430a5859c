import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** What tells the compiler something that it has not found out, in the order in which it is worth removing. */
const counted: Readonly<Record<string, (node: ts.Node) => boolean>> = {
    as: (node) => (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) && !isConst(node.type),
    "as unknown as": (node) => ts.isAsExpression(node) && ts.isAsExpression(node.expression) && !isConst(node.type),
    any: ({ kind }) => kind === ts.SyntaxKind.AnyKeyword,
    "!": (node) => ts.isNonNullExpression(node),
    "type predicates": (node) => ts.isTypePredicateNode(node),
};
const isConst = (type: ts.TypeNode): boolean => type.getText() === "const";
const suppression = /@ts-(ignore|expect-error|nocheck)|eslint-disable/g;

/** They may only fall: whoever removes one lowers its number. */
const most: Readonly<Record<string, number>> = {
    as: 53,
    "as unknown as": 1,
    any: 0,
    "!": 0,
    "type predicates": 14,
    suppressions: 1,
};

describe("what the compiler is told about provider/", () => {
    const root = join(__dirname, "..", "..");
    const found = new Map([...Object.keys(counted), "suppressions"].map((name) => [name, [] as string[]]));
    const files = readdirSync(join(root, "provider"), { recursive: true, encoding: "utf8" });
    for (const path of files.filter((name) => name.endsWith(".ts")).map((name) => join("provider", name))) {
        const text = readFileSync(join(root, path), "utf8");
        const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
        const place = (at: number): string => `${path}:${file.getLineAndCharacterOfPosition(at).line + 1}`;
        const walk = (node: ts.Node): void => {
            for (const [name, is] of Object.entries(counted))
                if (is(node)) found.get(name)?.push(place(node.getStart()));
            node.forEachChild(walk);
        };
        walk(file);
        for (const { index } of text.matchAll(suppression)) found.get("suppressions")?.push(place(index));
    }
    for (const [name, places] of found)
        it(`has as few of ${name} as is written here`, () =>
            assert.equal(places.length, most[name], places.join("\n")));
});
