import { parseArgs } from "node:util";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { bounded } from "./bounded";
import { changesOf, failureOf, type Outcome, summary } from "./summary";

const usage = `Usage: ts-node index.ts [SITE…] [--program FOLDER] [--parallel N] [--preview | --refresh | --destroy]

Runs the stack of each site, or of those named, and tells at the end how each of them is.

  --program FOLDER  the Pulumi program that every site's stack runs (../multi-site)
  --parallel N      stacks that run at once (4)

Within a stack Pulumi works on 4 resources for each core at once, and a hypervisor that waits for Online is one of them:
PULUMI_PARALLEL=N in the environment changes that for every stack.`;

interface Command {
    run: "up" | "preview" | "refresh" | "destroy";
    program: string;
    parallel: number;
    sites: string[];
}

function command(): Command {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            program: { type: "string", default: "../multi-site" },
            parallel: { type: "string", default: "4" },
            preview: { type: "boolean", default: false },
            refresh: { type: "boolean", default: false },
            destroy: { type: "boolean", default: false },
        },
    });
    const [run = "up", ...more] = (["preview", "refresh", "destroy"] as const).filter((name) => values[name]);
    const parallel = Number(values.parallel);
    if (more.length > 0) throw new Error("give one of --preview, --refresh and --destroy");
    if (!Number.isInteger(parallel) || parallel < 1)
        throw new Error(`--parallel is "${values.parallel}", and no number`);
    return { run, program: values.program, parallel, sites: positionals };
}

async function runSite(site: string, { run, program }: Command, signal: AbortSignal): Promise<Outcome> {
    const began = Date.now();
    const seconds = (): number => (Date.now() - began) / 1000;
    const say = (text: string): void => console.log(`${site}: ${text}`);
    try {
        signal.throwIfAborted();
        say(`${run} begins`);
        const stack = await LocalWorkspace.selectStack({ stackName: site, workDir: program });
        const onOutput = (text: string): void => {
            for (const line of text.split("\n")) if (/ (created|updated|deleted|failed)\b/.test(line)) say(line.trim());
        };
        const options = { onOutput, signal, color: "never" } as const;
        const changes =
            run === "preview"
                ? changesOf((await stack.preview(options)).changeSummary)
                : // one failing hypervisor does not stop the others of its site
                  changesOf(
                      (await stack[run]({ ...options, ...(run === "refresh" ? {} : { continueOnError: true }) }))
                          .summary.resourceChanges,
                  );
        say(changes);
        return { site, seconds: seconds(), changes };
    } catch (error) {
        const failure = failureOf(error);
        say(`FAILED: ${failure}`);
        return { site, seconds: seconds(), changes: "", failure };
    }
}

async function main(): Promise<number> {
    const asked = command();
    const workspace = await LocalWorkspace.create({ workDir: asked.program });
    const sites = asked.sites.length > 0 ? asked.sites : (await workspace.listStacks()).map(({ name }) => name);
    if (sites.length === 0)
        throw new Error(`there is no stack in ${asked.program}: make one with "pulumi stack init SITE"`);
    // what runs is cancelled, and its state kept
    const over = new AbortController();
    process.once("SIGINT", () => over.abort(new Error("cancelled")));
    const outcomes = await bounded(sites, asked.parallel, (site) => runSite(site, asked, over.signal));
    console.log(`\n${summary(outcomes)}`);
    return outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

main().then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
        console.error(`${failureOf(error)}\n\n${usage}`);
        process.exitCode = 2;
    },
);
