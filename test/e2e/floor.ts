/** Journeys that are made once more with the oldest Node, Pulumi CLI and @pulumi/pulumi that the package promises. */
export const floor: readonly string[] = [
    // up, a second up, refresh, drift, destroy
    "test/e2e/lifecycle.test.ts",
    // a component, and two hypervisors at once
    "test/e2e/component.test.ts",
    "test/e2e/interrupt.test.ts",
    "test/e2e/secrets.test.ts",
    // PortForward on a real host, as a TypeScript program
    "test/e2e/forwards-only.test.ts",
];
