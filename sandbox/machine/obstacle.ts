import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Of the machines themselves; what makes the namespaces is tried. */
const PROGRAMS = ["ip", "sshd", "xtables-nft-multi"];

/** Why this machine can hold no machines made of namespaces; undefined where it can. */
export function obstacle(packages?: string): string | undefined {
    if (process.platform !== "linux") return "they are Linux namespaces, and this is no Linux";
    const missing = PROGRAMS.filter((program) => !isThere(program, packages));
    if (missing.length > 0) return `this machine lacks ${missing.join(", ")} (openssh-server, iptables, iproute2)`;
    const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
    const kinds = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup"];
    const tried = spawnSync("setpriv", ["--pdeathsig", "KILL", "unshare", ...user, ...kinds, "--fork", "true"]);
    return tried.status === 0 ? undefined : "this user may make no namespaces on this machine";
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
