import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

/** The folder of Debian packages that tools/lab.sh keeps. */
export const packages = (): string => tell('printf %s "$lab"');

/** Why the lab cannot be used here; empty where it can. */
export const obstacle = (): string =>
    tell(
        'lab_is_complete || lab_obstacle | grep . || echo "its Debian packages are not there (tools/run.sh --with-lab true)"',
    );

function tell(script: string): string {
    const text = `cd "$1"; . tools/environment.sh; . tools/lab.sh; ${script}`;
    return execFileSync("bash", ["-c", text, "bash", root], { encoding: "utf8" }).trim();
}
