export interface Suite {
    name: string;
    command: string[];
    /** Seconds after which the suite is ended and has failed. */
    limit: number;
    /** A command that is one test by its exit code, rather than a mocha run that counts its own. */
    single?: true;
}

const mocha = (...files: string[]): string[] => ["npx", "mocha", "--reporter", "tools/test/reporter.js", ...files];

/** Everything that `make test` runs, in this order. */
export const suites: readonly Suite[] = [
    { name: "tsc", command: ["npx", "tsc", "-p", "."], limit: 300, single: true },
    { name: "eslint", command: ["npx", "eslint", ".", "--max-warnings", "0"], limit: 300, single: true },
    { name: "prettier", command: ["npx", "prettier", "--check", "."], limit: 120, single: true },
    { name: "unit", command: mocha("test/provider/**/*.test.ts", "test/tools/**/*.test.ts"), limit: 300 },
    { name: "sandbox", command: mocha("test/sandbox/**/*.test.ts"), limit: 300 },
    { name: "contract", command: mocha("test/contract/**/*.test.ts"), limit: 600 },
    { name: "package", command: mocha("test/package/**/*.test.ts"), limit: 600 },
    { name: "e2e", command: mocha("test/e2e/**/*.test.ts"), limit: 1200 },
];
