import { join } from "node:path";

/** What runs the provider and where its packages are: this repository's, unless the environment names an older set. */
export function toolchain(): { node: string; modules: string } {
    return {
        node: process.env["TEST_NODE"] ?? process.execPath,
        modules: process.env["TEST_MODULES"] ?? join(__dirname, "..", "node_modules"),
    };
}
