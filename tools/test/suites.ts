import { join } from "node:path";
import { floor as journeys } from "../../test/e2e/floor";

/** What has to be there before a job can start. */
export type Need = "compiled" | "cli" | "lab" | "docker" | "floor";

export interface Suite {
    name: string;
    /** One test by its exit code; or else a mocha run over files. */
    command?: readonly string[];
    /** Folders or files of test/. */
    tests?: readonly string[];
    /** So many files share a process. Default: 1, so that each file is a job which any lane takes. */
    filesPerJob?: number;
    needs?: readonly Need[];
    /** What waits for it is left out when it fails. */
    gives?: Need;
    /** It only prepares others, and is no test. */
    isPreparation?: true;
    /** It runs files of other suites once more. */
    isRepeat?: true;
    environment?: Readonly<Record<string, string>>;
    /** Seconds after which a job is ended and has failed. */
    limit: number;
}

const compiled = { needs: ["compiled"] } as const;
const onHosts = { needs: ["compiled", "lab"] } as const;
/** On hosts with other Docker engines as well. */
const onEngines = { needs: ["compiled", "lab", "docker"] } as const;
const withCli = { needs: ["compiled", "lab", "cli"] } as const;

const floor = join(__dirname, "..", "..", ".local", "floor");

const preparation = (gives: Need, flag: string, needs: readonly Need[] = []): Suite => ({
    name: `(${gives})`,
    command: ["tools/run.sh", flag, "true"],
    gives,
    needs,
    isPreparation: true,
    limit: 2400,
});

/** Everything that `make test` runs; the files that last longest stand first, so that the lanes end together. */
export const suites: readonly Suite[] = [
    // what the check of the types writes is what the tests run
    { name: "tsc", command: ["npm", "run", "--silent", "compile"], gives: "compiled", limit: 600 },
    preparation("lab", "--with-lab"),
    preparation("cli", "--with-pulumi"),
    preparation("docker", "--with-docker", ["lab"]),
    // after the CLI, whose build leaves it most of what its own needs
    preparation("floor", "--with-floor", ["compiled", "cli"]),
    { name: "lifecycle", tests: ["lifecycle"], ...withCli, limit: 900 },
    { name: "e2e", tests: ["e2e"], ...withCli, limit: 900 },
    { name: "firewall", tests: ["firewall"], ...onEngines, limit: 600 },
    { name: "port-forward", tests: ["port-forward"], ...onHosts, limit: 600 },
    { name: "hypervisor-host", tests: ["hypervisor-host"], ...withCli, limit: 600 },
    { name: "server-config", tests: ["server-config"], ...onHosts, limit: 600 },
    { name: "states", tests: ["states"], ...withCli, limit: 600 },
    { name: "lab", tests: ["lab"], ...onEngines, limit: 600 },
    { name: "package", tests: ["package"], ...withCli, limit: 600 },
    { name: "faults", tests: ["faults"], ...onHosts, limit: 600 },
    { name: "contract", tests: ["contract"], ...onHosts, filesPerJob: 5, limit: 600 },
    { name: "sandbox", tests: ["sandbox"], ...onHosts, filesPerJob: 8, limit: 300 },
    { name: "hypervisor", tests: ["hypervisor"], ...onHosts, limit: 300 },
    {
        name: "floor",
        filesPerJob: 5,
        tests: ["contract", ...journeys.map((file) => file.replace(/^test\//, ""))],
        needs: ["compiled", "lab", "floor"],
        isRepeat: true,
        environment: {
            TEST_NODE: join(floor, "node"),
            TEST_MODULES: join(floor, "node_modules"),
            TEST_CLI: join(floor, "bin"),
        },
        limit: 600,
    },
    { name: "checkout", tests: ["isardvdi-checkout"], ...compiled, limit: 600 },
    { name: "command-line", tests: ["cli"], ...compiled, filesPerJob: 2, limit: 300 },
    { name: "eslint", command: ["node_modules/.bin/eslint", ".", "--max-warnings", "0"], ...compiled, limit: 900 },
    { name: "unit", tests: ["provider", "sdk", "tools", "examples"], ...compiled, filesPerJob: 10, limit: 600 },
    { name: "prettier", command: ["node_modules/.bin/prettier", "--check", "."], limit: 120 },
];

/** Those of `make check`, and whether the tool keeps what it has found in a file. */
const quick: Readonly<Record<string, { isCached: boolean }>> = {
    tsc: { isCached: false },
    eslint: { isCached: true },
    unit: { isCached: false },
    prettier: { isCached: true },
};

/** `make check`: what one runs after every small change. */
export const quickSuites: readonly Suite[] = suites
    .filter(({ name }) => name in quick)
    .map((suite) => {
        if (!suite.command || !quick[suite.name]?.isCached) return suite;
        const cache = ["--cache", "--cache-strategy", "content", "--cache-location", `.local/${suite.name}`];
        return { ...suite, command: [...suite.command, ...cache] };
    });
