import type { Container } from "../docker/containers";
import { failed } from "../docker/docker";
import type { Outcome } from "../machine/command";
import type { Machine } from "../machine/machine";
import { PATH_INSIDE } from "../machine/root";
import { type Asked, type Command, CONTAINER_COMMANDS } from "../machine/shims";

/** Longer than any command that answers, and shorter than anybody waits. */
const LIMIT_MS = 15_000;

/** Runs a command line as `docker exec` does: on a machine, with root's home in a folder where it is given. */
export async function execute(
    machine: Machine,
    container: Container,
    argv: readonly string[],
    { input, home }: { input: Buffer; home?: string },
): Promise<Outcome> {
    const set = Object.entries(container.environment?.() ?? {}).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${value}`],
    );
    const own = [`IN_CONTAINER=${container.name}`, `PATH=${CONTAINER_COMMANDS}:${PATH_INSIDE}`];
    const words = ["env", ...set, ...own, ...argv].map(quoted).join(" ");
    const command =
        home === undefined
            ? `exec ${words}`
            : `exec unshare --mount sh -c ${quoted(`mount --bind ${home} /root && exec ${words}`)}`;
    return await machine.exec(command, { input, timeoutMs: LIMIT_MS });
}

/** By the container, the commands that only it has; "" is the machine itself. */
export const commandOf =
    (table: Readonly<Record<string, Readonly<Record<string, Command>>>>): Command =>
    (asked: Asked) =>
        table[asked.container]?.[asked.name]?.(asked) ?? failed(`sh: 1: ${asked.name}: not found`, 127);

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
