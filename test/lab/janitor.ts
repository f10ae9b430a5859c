import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** A control group is the one thing that the kernel keeps when all its processes are gone. */
const REMOVE = `
mount -t cgroup2 cgroup2 /mnt && cd /mnt || exit
for try in $(seq 100); do
    find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
    [ -d "$1" ] || exit 0
    sleep 0.1
done`;

let count = 0;

/**
 * Control groups for the lab's hosts, taken away when the lab ends or its process dies: a process in a session of its
 * own waits for the end of a pipe.
 */
export class Janitor {
    private readonly child: ChildProcess;

    private constructor(readonly name: string) {
        // the mount is made only once the pipe has ended: until then it is an idle shell
        const script = `cat >/dev/null; exec unshare --mount sh -c "$0" sh "$1"`;
        this.child = spawn("sh", ["-c", script, REMOVE, name], {
            stdio: ["pipe", "ignore", "ignore"],
            detached: true,
        });
    }

    static start(): Janitor {
        return new Janitor(`isardvdi-lab-${process.pid}-${++count}`);
    }

    /** For a shell on this machine, which goes into a group of its own. */
    before(host: string): string {
        const enter = 'mount -t cgroup2 cgroup2 /mnt && mkdir -p "/mnt/$1" && echo "$2" >"/mnt/$1/cgroup.procs"';
        return `unshare --mount sh -c '${enter}' sh ${this.name}/${host} $$ || exit`;
    }

    async stop(): Promise<void> {
        const gone = once(this.child, "exit");
        this.child.stdin?.end();
        await gone;
    }
}

/** For process 1 of a host, where that group is all there is. */
export const MOUNT_CGROUPS = `
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p /sys/fs/cgroup/init
echo 1 >/sys/fs/cgroup/init/cgroup.procs
for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control || true
done
`;
