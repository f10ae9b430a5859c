import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The provider process loads compiled code: what is not built, or was built before the last change, tests nothing. */
export function assertBuilt(root: string): void {
    const built = statSync(join(root, "dist", ".tsbuildinfo"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const folder = join(root, "provider");
    const newer = readdirSync(folder, { recursive: true, encoding: "utf8" }).find(
        (path) => path.endsWith(".ts") && statSync(join(folder, path)).mtimeMs > built,
    );
    if (newer === undefined) return;
    throw new Error(`provider/${newer} is newer than dist: run "make test ARGS=tsc" first`);
}
