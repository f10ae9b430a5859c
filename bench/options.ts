import { parseArgs } from "node:util";

export interface Options {
    /** Resources of one `up`. */
    resources: number;
    /** Of the site in which nothing changes. */
    hosts: number;
    /** Pairs of `up`s. */
    runs: number;
    /** Rows of the refreshed site. */
    rows: number;
    /** Forwards of one host. */
    forwards: number;
    /** `--parallel` of each `up`; absent, the CLI's own default. */
    parallel: number | undefined;
    only: string | undefined;
    json: boolean;
    out: string | undefined;
}

export const help = `Usage: npm run bench -- [options]

  --quick         20 resources, one run: minutes become seconds, and the ratio means little
  --resources N   resources of one pulumi up (100)
  --runs N        pairs of pulumi up, each on fresh stacks (3)
  --parallel N    --parallel of each pulumi up (the CLI's default)
  --only NAME     one of up, unchanged, load, refresh, polling, feed, forwards
  --json          print JSON instead of the table
  --out FILE      write the JSON there as well
`;

export function options(): Options | "help" {
    const { values } = parseArgs({
        options: {
            quick: { type: "boolean", default: false },
            resources: { type: "string" },
            runs: { type: "string" },
            parallel: { type: "string" },
            only: { type: "string" },
            json: { type: "boolean", default: false },
            out: { type: "string" },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) return "help";
    const { quick } = values;
    return {
        resources: count("--resources", values.resources) ?? (quick ? 20 : 100),
        runs: count("--runs", values.runs) ?? (quick ? 1 : 3),
        hosts: quick ? 5 : 100,
        rows: quick ? 20 : 1000,
        forwards: quick ? 100 : 2000,
        parallel: count("--parallel", values.parallel),
        only: values.only,
        json: values.json,
        out: values.out,
    };
}

function count(name: string, value: string | undefined): number | undefined {
    if (value === undefined) return undefined;
    const result = Number(value);
    if (!Number.isInteger(result) || result < 1) throw new Error(`${name} must be a whole number, not "${value}".`);
    return result;
}
