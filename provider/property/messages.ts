import type { ZodError } from "zod";
import type { CheckFailure, Property } from "../resource";
import { valueAt } from "./unknown";

type Issue = ZodError["issues"][number];
type UnionIssue = Issue & { code: "invalid_union" };

const names: Record<string, string> = {
    string: "a string",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
    record: "an object",
    int: "a whole number",
    null: "nothing",
};

/** One sentence per kind of mistake; zod's own words where the table gave a message. */
const sentences: Partial<Record<Issue["code"], (issue: never, where: string) => string>> = {
    invalid_type: (issue: Issue & { expected: string }, where) =>
        `${where} must be ${names[issue.expected] ?? issue.expected}`,
    invalid_value: (issue: Issue & { values: unknown[] }, where) =>
        `${where} must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map((each) => JSON.stringify(each)).join(", ")}`,
    unrecognized_keys: (issue: Issue & { keys: string[] }, where) =>
        `${where} has no property ${issue.keys.map((each) => `"${each}"`).join(", ")}`,
    too_small: (issue: Issue & { minimum: number; origin: string }, where) =>
        issue.origin === "string" || issue.origin === "array"
            ? `${where} must not be empty`
            : `${where} must be at least ${issue.minimum}`,
    too_big: (issue: Issue & { maximum: number; origin: string }, where) =>
        issue.origin === "string"
            ? `${where} must have at most ${issue.maximum} characters`
            : `${where} must be at most ${issue.maximum}`,
};

/** What was wrong with a property, in one line that names it. */
export function describeIssue(name: string, issue: Issue, value: unknown, property: Property): CheckFailure {
    const path = [name, ...issue.path.map(String)].join(".");
    const sentence = sentences[issue.code] as ((issue: Issue, where: string) => string) | undefined;
    const what = sentence
        ? sentence(issue, path)
        : issue.code === "invalid_union"
          ? unionSentence(issue, path)
          : `${path} ${issue.message}`;
    return { property: path, reason: `${what}${property.secret ? "" : seen(valueAt(value, issue.path))}.` };
}

/** The branch that came nearest says what is wrong; all branches together say too much. */
function unionSentence(issue: UnionIssue, path: string): string {
    const wanted = issue.errors
        .flat()
        .map((each) =>
            each.code === "invalid_type" && each.path.length === 0
                ? (names[each.expected] ?? each.expected)
                : undefined,
        );
    const first = nearestBranch(issue)?.[0];
    if (first) return describeIssue(path, first, undefined, { secret: true } as Property).reason.replace(/\.$/, "");
    return `${path} must be ${[...new Set(wanted.filter(Boolean))].join(" or ")}`;
}

/** The mistakes of the branch whose type the value has. */
export const nearestBranch = ({ errors }: UnionIssue): Issue[] | undefined =>
    errors.find(
        (each) => each.length > 0 && each.every(({ path, code }) => path.length > 0 || code !== "invalid_type"),
    );

function seen(value: unknown): string {
    if (value === undefined || typeof value === "object") return "";
    const text = JSON.stringify(value);
    return `, not ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`;
}
