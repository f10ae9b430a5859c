import { parseArgs } from "node:util";
import { caseFrom, casesOf, run } from "./cases";

const help = `make stress ARGS="[--steps N] [--cli N] [--seed S] [--replay FILE]"

  --steps N      steps over gRPC, shared by four kinds of sites; default 200
  --cli N        steps with the real CLI; default 0
  --seed S       tells the same stories again; default: new ones
  --replay FILE  plays what a failure has left
`;

/** Stories at once, for most of a story is waiting. */
const atOnce = 4;

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            steps: { type: "string", default: "200" },
            cli: { type: "string", default: "0" },
            seed: { type: "string", default: String(Date.now() % 1_000_000) },
            replay: { type: "string" },
            help: { type: "boolean" },
        },
    });
    if (values.help) return void process.stdout.write(help);
    const { steps, cli, seed, replay } = values;
    for (const [flag, value] of Object.entries({ steps, cli, seed }))
        if (!/^\d+$/.test(value)) throw new Error(`--${flag} must be a whole number, not "${value}".`);
    const cases = replay ? [caseFrom(replay)] : casesOf({ seed: +seed, steps: +steps, cliSteps: +cli });
    if (!replay) console.log(`seed ${seed}`);
    const failures: string[] = [];
    const next = async (): Promise<void> => {
        for (let each = cases.shift(); each; each = cases.shift())
            await run(each, (line) => console.log(line)).catch((error: Error) => failures.push(error.message));
    };
    await Promise.all(Array.from({ length: atOnce }, next));
    failures.forEach((message) => console.error(message));
    process.exitCode = failures.length > 0 ? 1 : 0;
}

main().then(
    () => process.exit(),
    (error: Error) => {
        console.error(error.message);
        process.exit(2);
    },
);
