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

/** An engine besides the Debian's own, which is "20.10". */
export type Engine = "20.10" | "28.5.2" | "29";

const folders: Record<Engine, string> = {
    "20.10": "",
    "28.5.2": '"$docker_old"',
    // which holds the engine itself; the rest is the older one's
    "29": '"$docker_new" "$docker_old"',
};

/** The folders, laid over the lab's Debian, that make an engine of it: those that tools/docker.sh keeps. */
export const programsOf = (engine: Engine): string[] =>
    engine === "20.10" ? [] : tell(`printf '%s\\n' ${folders[engine]}`).split("\n");

/** Why that engine is not there; empty where it is. */
export const engineObstacle = (engine: Engine): string =>
    tell(
        `for folder in ${folders[engine]}; do docker_is_there "$folder" || ` +
            `{ echo "there is no Docker ${engine} (tools/run.sh --with-docker true)"; break; }; done`,
    );

function tell(script: string): string {
    const text = `cd "$1"; . tools/environment.sh; . tools/docker.sh; ${script}`;
    return execFileSync("bash", ["-c", text, "bash", root], { encoding: "utf8" }).trim();
}
