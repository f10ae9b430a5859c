import { join } from "node:path";

/** What programs under test run with; the floor's run replaces it. */
export const toolchain = (): { node: string; modules: string } => ({
    node: process.env["TEST_NODE"] ?? process.execPath,
    modules: process.env["TEST_MODULES"] ?? join(__dirname, "..", "node_modules"),
});
