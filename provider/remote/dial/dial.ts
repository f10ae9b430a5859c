import type { Duplex } from "node:stream";
import type { SshDefaults } from "../../configuration";
import type { ResolvedConnection } from "../../connection";
import { IsardvdiError } from "../../errors";
import type { Clock, Log } from "../../world";
import { abortable } from "../../wait/abortable";
import { knownAs } from "../../ssh-config/apply";
import { connectionName } from "../name";
import { saidLine } from "../said";
import { type Trust, trustOf } from "../trust/trust";
import { hostKeyAlgorithms } from "../trust/verify";
import { credentialsFor } from "./credentials";
import { dialFailure, dialTimeout, type Phase } from "./failures";
import { type Opened, shakeHands } from "./handshake";
import { openSocket } from "./socket";

/** A way through a jump host, made anew for each dial. */
export type Tunnel = (signal: AbortSignal, log: Log) => Promise<(signal: AbortSignal) => Promise<Duplex>>;

export interface Dialling {
    ssh: SshDefaults;
    clock: Clock;
    tunnel?: Tunnel | undefined;
    signal: AbortSignal;
    log: Log;
}

/** Dials until somebody answers: what another dial cannot change fails at once, the rest after `dialErrorLimit`. */
export async function dial(connection: ResolvedConnection, dialling: Dialling): Promise<Opened> {
    const { clock, signal, log } = dialling;
    const name = connectionName(connection);
    const trust = await trustOf(connection, dialling.ssh);
    const limit = Math.max(1, connection.dialErrorLimit ?? 10);
    for (let dials = 1; ; dials++) {
        log.status(dials === 1 ? `connecting to ${name}` : `connecting to ${name}, dial ${dials} of ${limit}`);
        const open = await dialling.tunnel?.(signal, log);
        const failed = await dialEachType(connection, trust, open, dialling).catch((error: unknown) =>
            toldAlias(dialFailure(connection, error), connection, dialling.ssh),
        );
        if (!(failed instanceof IsardvdiError)) return failed;
        signal.throwIfAborted();
        if (!failed.retryable || dials >= limit)
            throw dials === 1 ? failed : failed.toldAs(`${failed.seen} (${dials} dials)`);
        const pause = backoff(dials);
        log.status(`${name}: ${failed.seen}; dial ${dials + 1} of ${limit} in ${Math.ceil(pause / 1000)} s`);
        await clock.sleep(pause, signal);
    }
}

/** A name that only ~/.ssh/config knows resolves for ssh alone. */
function toldAlias(failed: IsardvdiError, { host, sshConfig }: ResolvedConnection, ssh: SshDefaults): IsardvdiError {
    const known = failed.code === "dns" && !sshConfig ? knownAs(host, ssh) : undefined;
    if (known === undefined) return failed;
    return failed
        .toldAs(`${failed.seen}, and ${ssh.config ?? ""} has a Host of that name (${saidLine(known, 100)})`)
        .advised("Set sshConfig: true in the connection, or give host, port and user as they stand in that file.");
}

/** Half a second, doubled up to ten, a quarter more or less so that many hosts' dials spread. */
function backoff(dials: number): number {
    return Math.min(10_000, 500 * 2 ** (dials - 1)) * (0.75 + Math.random() / 2);
}

/** A pinned fingerprint does not tell the key's type: a refusal counts when every type was asked for. */
async function dialEachType(
    connection: ResolvedConnection,
    trust: Trust,
    open: ((signal: AbortSignal) => Promise<Duplex>) | undefined,
    dialling: Dialling,
): Promise<Opened> {
    let refusal: IsardvdiError | undefined;
    for (const algorithms of hostKeyAlgorithms(trust)) {
        try {
            return await dialOnce(connection, trust, algorithms, open, dialling);
        } catch (error) {
            const failed = dialFailure(connection, error);
            if (failed.code !== "host-key" && failed.code !== "unsupported") throw failed;
            if (refusal?.code !== "host-key") refusal = failed;
        }
    }
    throw refusal as IsardvdiError;
}

async function dialOnce(
    connection: ResolvedConnection,
    trust: Trust,
    algorithms: string[],
    open: ((signal: AbortSignal) => Promise<Duplex>) | undefined,
    dialling: Dialling,
): Promise<Opened> {
    const { host, port = 22, perDialTimeout: seconds = 15 } = connection;
    let phase: Phase = "connect";
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(dialTimeout(connection, phase, seconds)), seconds * 1000);
    const signal = AbortSignal.any([dialling.signal, deadline.signal]);
    try {
        // an agent that never answers must not hold up a dial
        const credentials = await abortable(credentialsFor(connection, dialling.ssh), signal);
        // a jump host may never say whether it opens the way
        const stream = await (open ? abortable(open(signal), signal) : openSocket(host, port, signal));
        phase = "handshake";
        const onPhase = (reached: Phase): void => void (phase = reached);
        return await shakeHands(stream, { connection, trust, algorithms, credentials, onPhase }, signal);
    } finally {
        clearTimeout(timer);
    }
}
