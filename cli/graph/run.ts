import { readFileSync, writeFileSync } from "node:fs";
import { askPulumi } from "../stack/pulumi";
import { say } from "../terminal";
import { draw } from "./draw";
import { picturesOf } from "./model";
import { HELP, type Options, optionsOf } from "./options";

/** Answers the exit code; what is not usable is thrown. */
export async function runGraph(args: string[]): Promise<number> {
    const options = optionsOf(args);
    if (options === "help") {
        say(HELP);
        return 0;
    }
    const pictures = picturesOf(await exported(options));
    if (pictures.length === 0)
        throw new Error("Unable to draw the site: the stack has nothing of pulumi-isardvdi. Check --stack and --cwd.");
    const svg = draw(pictures);
    if (options.out === undefined) say(svg);
    else writeFileSync(options.out, svg);
    return 0;
}

async function exported({ stack, cwd, state }: Options): Promise<unknown> {
    // a connection is a secret even where it is only a name, and nothing else of them is drawn
    if (state === undefined) return await askPulumi(stack, cwd, "stack", "export", "--show-secrets");
    try {
        const value: unknown = JSON.parse(readFileSync(state === "-" ? 0 : state, "utf8"));
        if (typeof value === "object" && value !== null) return value;
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== undefined) throw new Error(`Unable to read ${state}: ${code}. Check --state.`, { cause: error });
    }
    throw new Error(`Unable to read ${state}: it is no exported stack. Make it with "pulumi stack export".`);
}
