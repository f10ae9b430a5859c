import { randomBytes } from "node:crypto";
import { DeadlinePassed, withDeadline } from "../concurrency/deadline";
import type { ConnectionArgs } from "../connection";
import { IsardvdiError } from "../errors";
import type { World } from "../world";
import type { Remote } from "./remote";

/** So long the old way may take to answer. */
const answerMs = 20_000;

/** Whether two connections are one way to a machine, as far as names tell. */
export const isOneWay = (a: ConnectionArgs, b: ConnectionArgs): boolean => wayOf(a) === wayOf(b);

/** The same machine, as far as names tell. */
export const wayOf = ({ host, port = 22, proxy }: ConnectionArgs): string =>
    `${host.toLowerCase()}:${port}${proxy ? ` through ${wayOf(proxy)}` : ""}`;

/**
 * Whether two ways lead to one machine: a clone has the same machine-id and host keys, but not what is written through
 * the other way now. Undefined where the other way does not answer.
 */
export async function isOneMachine(now: Remote, before: Remote, world: World): Promise<boolean | undefined> {
    const path = `/tmp/pulumi-isardvdi.${randomBytes(16).toString("hex")}`;
    try {
        return await withDeadline(answerMs, world, async (signal) => {
            const call = { signal, log: world.log };
            await now.run(`umask 077; set -C; : >${path}`, call);
            const { code, stdout } = await before.run(`if [ -e ${path} ]; then echo one; else echo other; fi`, call);
            if (code !== 0) return undefined;
            return stdout.includes("one") ? true : stdout.includes("other") ? false : undefined;
        });
    } catch (error) {
        world.signal.throwIfAborted();
        if (error instanceof IsardvdiError || error instanceof DeadlinePassed) return undefined;
        throw error;
    } finally {
        await now.run(`rm -f ${path}`, { signal: world.signal, log: world.log }).catch(() => undefined);
    }
}
