import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Of the machines themselves; what makes the namespaces is tried. */
const PROGRAMS = ["ip", "sshd", "xtables-nft-multi"];

/** Why this machine can hold no machines made of namespaces; undefined where it can. */
export function obstacle(packages?: string): string | undefined {
    if (process.platform !== "linux") return "they are made of Linux namespaces";
    // to anybody else /etc and /usr belong to strangers, whose files even a namespace's root may not change
    if (process.getuid?.() !== 0) return "only root can make them";
    const missing = PROGRAMS.filter((program) => !isThere(program, packages));
    if (missing.length > 0)
        return `this machine has no ${missing.join(", no ")}: install openssh-server, iptables and iproute2`;
    const kinds = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup"];
    const tried = spawnSync("setpriv", ["--pdeathsig", "KILL", "unshare", ...kinds, "--fork", "true"]);
    return tried.status === 0 ? undefined : "this machine gives no namespaces";
}

function isThere(program: string, packages: string | undefined): boolean {
    const folders = ["/usr/sbin", "/usr/bin", ...(process.env["PATH"] ?? "").split(delimiter)];
    const all = packages === undefined ? folders : [join(packages, "usr/sbin"), join(packages, "usr/bin"), ...folders];
    return all.some((folder) => {
        try {
            accessSync(join(folder, program), constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });
}
