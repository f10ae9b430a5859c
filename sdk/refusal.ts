import * as pulumi from "@pulumi/pulumi";

/** Ends the program with everything that is wrong with a component's arguments, each told once and without a stack. */
export function refusal(action: string, resource: string, mistakes: readonly string[]): pulumi.RunError {
    const [first = "", ...more] = mistakes;
    const seen =
        more.length === 0
            ? `${first}.`
            : `${mistakes.length} mistakes\n${mistakes.map((each) => `  - ${each}.`).join("\n")}`;
    return new pulumi.RunError(`Unable to ${action} ${resource}: ${seen}`);
}
