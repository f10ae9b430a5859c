import { setTimeout as sleep } from "node:timers/promises";
import type { Hosts } from "./hosts";

/** A moment in the life of a change on a host: before or after a program that it runs. */
export interface Moment {
    program: string;
    /** What the program's arguments must look like, as a pattern of the shell. */
    arguments?: string;
    when: "before" | "after";
}

/** Stops one run of a program on a host until it is let go: whoever waits for it can be killed in peace. */
export class Halt {
    private constructor(
        private readonly hosts: Hosts,
        private readonly host: string,
        private readonly program: string,
    ) {}

    static async set(hosts: Hosts, host: string, moment: Moment): Promise<Halt> {
        const { program, when, arguments: wanted = "*" } = moment;
        const stop = `[ ! -e /run/halt ] || { rm /run/halt; : >/run/halted; until [ -e /run/go ]; do sleep 0.02; done; }`;
        const at = `case "$*" in ${wanted}) ${stop} ;; esac`;
        const real = `/opt/halt/${program.split("/").at(-1) ?? ""}`;
        const script = [
            "#!/bin/sh",
            ...(when === "before" ? [at, `exec ${real} "$@"`] : [`${real} "$@"`, "code=$?", at, "exit $code"]),
        ];
        await hosts.on(
            host,
            `set -e
            [ "$(hostname)" = ${host} ]
            mkdir -p /opt/halt
            # the real program under its own name, by which one of many knows what it is to do
            [ -L ${program} ] && ln -s "$(readlink -f ${program})" ${real} || cp ${program} ${real}
            printf '%s\\n' ${script.map((line) => `'${line}'`).join(" ")} >${program}.new
            chmod 755 ${program}.new
            rm -f /run/halted /run/go
            : >/run/halt
            ${real.endsWith("/mv") ? real : "mv"} ${program}.new ${program}`,
        );
        return new Halt(hosts, host, program);
    }

    /** Until the program has come there. */
    async reached(timeoutMs = 60_000): Promise<void> {
        const end = Date.now() + timeoutMs;
        while ((await this.hosts.on(this.host, "ls /run/halted 2>/dev/null || true")) === "") {
            if (Date.now() > end) throw new Error(`${this.host} never ran ${this.program}`);
            await sleep(20);
        }
    }

    /** Goes on, and is as before. */
    async release(): Promise<void> {
        const real = `/opt/halt/${this.program.split("/").at(-1) ?? ""}`;
        await this.hosts.on(
            this.host,
            `set -e
            [ "$(hostname)" = ${this.host} ]
            if [ -L ${real} ]; then ln -sf "$(readlink ${real})" ${this.program}.new; else cp ${real} ${this.program}.new; fi
            ${real.endsWith("/mv") ? real : "mv"} ${this.program}.new ${this.program}
            rm -f /run/halt
            : >/run/go`,
        );
    }
}
