import { strict as assert } from "node:assert";
import { setMaxListeners } from "node:events";
import type { SshDefaults } from "../../../provider/configuration";
import { type ErrorCode, IsardvdiError } from "../../../provider/errors";
import { openRemotes, type RemoteCall, type Remotes } from "../../../provider/remote";
import { type Clock, silentLog, systemClock } from "../../../provider/world";

/** A call with what it said. */
export function asking(options: Partial<RemoteCall> = {}): RemoteCall & { said: string[] } {
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const said: string[] = [];
    return { signal, said, log: { ...silentLog, status: (message) => said.push(message) }, ...options };
}

const opened: Remotes[] = [];

/** Closed after each test. */
export function remotesWith(ssh?: Partial<SshDefaults>, clock: Clock = quickClock): Remotes {
    const remotes = openRemotes({ ssh: { knownHosts: [], privateKeys: [], ...ssh }, clock });
    opened.push(remotes);
    return remotes;
}

export async function closeAll(): Promise<void> {
    for (const remotes of opened.splice(0)) await remotes.close();
}

/** Waits between dials are over at once. */
export const quickClock: Clock = { ...systemClock, sleep: () => Promise.resolve() };

/** The error in our form; no secret in it, and one line. */
export async function failureOf(
    work: Promise<unknown>,
    code: ErrorCode,
    message: RegExp,
    secrets: readonly string[] = [],
): Promise<IsardvdiError> {
    const error = await work.then(
        () => assert.fail("it succeeded"),
        (reason: unknown) => reason,
    );
    assert.ok(error instanceof IsardvdiError, `${String(error)} ${(error as Error).stack}`);
    assert.match(error.message, message);
    assert.equal(error.code, code);
    assert.ok(!error.message.includes("\n"), error.message);
    for (const secret of secrets) assert.ok(!JSON.stringify([error.message, error]).includes(secret), error.message);
    return error;
}
