export interface Suite {
    name: string;
    command: string[];
    /** Seconds after which the suite is ended and has failed. */
    limit: number;
    /** A command that is one test by its exit code, rather than a mocha run that counts its own. */
    single?: true;
    /** Its output is not shown. */
    quiet?: true;
}

/** A mocha run over folders of test/. */
const mocha = (...folders: string[]): string[] => [
    "npx",
    "mocha",
    "--reporter",
    "tools/test/reporter.js",
    ...folders.map((folder) => `test/${folder}/**/*.test.ts`),
];

/** Everything that `make test` runs; what lasts longest stands first, so that the lanes end together. */
export const suites: readonly Suite[] = [
    { name: "e2e", command: mocha("e2e"), limit: 2400 },
    { name: "tsc", command: ["npx", "tsc", "-p", "."], limit: 600, single: true },
    { name: "eslint", command: ["npx", "eslint", ".", "--max-warnings", "0"], limit: 900, single: true },
    { name: "prettier", command: ["npx", "prettier", "--check", "."], limit: 120, single: true },
    { name: "unit", command: mocha("provider", "sdk", "cli", "tools", "examples"), limit: 900 },
    { name: "lifecycle", command: mocha("lifecycle"), limit: 2400 },
    { name: "firewall", command: mocha("firewall"), limit: 1500 },
    { name: "contract", command: mocha("contract"), limit: 1200 },
    { name: "faults", command: mocha("faults"), limit: 900 },
    { name: "port-forward", command: mocha("port-forward"), limit: 900 },
    { name: "package", command: mocha("package"), limit: 900 },
    { name: "sandbox", command: mocha("sandbox"), limit: 300 },
    { name: "lab", command: mocha("lab"), limit: 600 },
    { name: "hypervisor", command: mocha("hypervisor"), limit: 300 },
    { name: "server-config", command: mocha("server-config"), limit: 900 },
    { name: "hypervisor-host", command: mocha("hypervisor-host"), limit: 900 },
];
