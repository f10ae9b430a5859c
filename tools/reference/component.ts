import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

const root = join(__dirname, "..", "..");

export interface Component {
    /** Files of the class and of its arguments, from the project's root. */
    source: string;
    args: string;
    /** What a reader has to know besides the arguments; Markdown. */
    guide: string;
}

/** The page of a component, from the docstrings of its class and of its arguments. */
export function componentPage({ source, args, guide }: Component): string {
    const file = parsed(source);
    const [component] = file.statements.filter(ts.isClassDeclaration);
    if (!component?.name) throw new Error(`${source} has no class`);
    const interfaces = parsed(args).statements.filter(ts.isInterfaceDeclaration);
    const example = textOf(ts.getJSDocTags(component).find(({ tagName }) => tagName.text === "example")?.comment);
    const imports = [...(example.includes("pulumi.") ? ["pulumi"] : []), "isardvdi"];
    return `<!-- Generated from ${source} and ${args} by "npm run reference"; do not edit. -->

# ${component.name.text}

${docOf(component)}

\`\`\`ts
${imports.map((name) => `import * as ${name} from "${packages[name]}";`).join("\n")}

${example}
\`\`\`

${guide.trim()}

## Arguments

${interfaces.map(tableOf).join("\n\n")}

## Outputs

| output | what it is |
| --- | --- |
${component.members
    .filter((member): member is ts.PropertyDeclaration => ts.isPropertyDeclaration(member))
    .map((member) => `| \`${nameOf(member)}\` | ${cell(docOf(member))} |`)
    .join("\n")}
`;
}

const packages: Record<string, string> = { pulumi: "@pulumi/pulumi", isardvdi: "pulumi-isardvdi" };

const parsed = (path: string): ts.SourceFile =>
    ts.createSourceFile(path, readFileSync(join(root, path), "utf8"), ts.ScriptTarget.Latest, true);

function tableOf(declaration: ts.InterfaceDeclaration): string {
    const members = declaration.members.filter(ts.isPropertySignature);
    return `### ${declaration.name.text}

${docOf(declaration)}

| argument | required | what it is |
| --- | --- | --- |
${members.flatMap((member) => rows(member)).join("\n")}`;
}

/** One row, and one more for each member of an object that is typed in place. */
function rows(member: ts.PropertySignature, within = ""): string[] {
    const name = within + nameOf(member);
    const inner =
        member.type && ts.isTypeLiteralNode(member.type) ? member.type.members.filter(ts.isPropertySignature) : [];
    const documented = inner.filter((each) => docOf(each) !== "");
    const row = `| \`${name}\` | ${member.questionToken ? "" : "yes"} | ${cell(docOf(member))} |`;
    return [row, ...documented.flatMap((each) => rows(each, `${name}.`))];
}

const nameOf = (member: ts.PropertySignature | ts.PropertyDeclaration): string => member.name.getText();

const docOf = (node: ts.Node): string => {
    const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
    return textOf(doc?.comment).trim();
};

const textOf = (comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string =>
    typeof comment === "string" ? comment : (ts.getTextOfJSDocComment(comment) ?? "");

const cell = (text: string): string => text.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
