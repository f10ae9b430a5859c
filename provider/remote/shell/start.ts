import { asObject } from "../../is-object";
import { asError } from "../../as-error";
import type { Client, ClientChannel } from "ssh2";
import { DeadlinePassed, withDeadline } from "../../concurrency/deadline";
import type { ConnectionArgs } from "../../connection";
import { abortable } from "../../wait/abortable";
import { systemClock } from "../../world";
import { newMark } from "./frame";
import { noShell, silent } from "./refused";

/** The host opens no further session on this connection (MaxSessions). */
export class SessionRefused extends Error {}

/** The connection went away before anything was asked of it. */
export class Dropped extends Error {}

const START_MS = 20_000;
/** Far more than any greeting; the rest is not kept. */
const mostWords = 64 * 1024;

/** Opens a channel on which a shell waits for commands, as root where the connection says sudo. */
export async function startShell(client: Client, connection: ConnectionArgs): Promise<ClientChannel> {
    const ready = newMark();
    const prompt = newMark();
    const { sudo, user = "root", password } = connection;
    const through =
        sudo && user !== "root" ? ["sudo", ...(password === undefined ? ["-n"] : ["-S", "-p", prompt]), "--"] : [];
    // sudo's noexec lets a shell start and nothing from it
    const tried = through.length > 0 ? "sh -c : && " : "";
    const begin = `PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export PATH; ${tried}printf "%s\\n" ${ready} && exec sh`;
    // plain words and single quotes only: the user's login shell may be any
    const late = silent(connection, "", START_MS / 1000);
    const command = ["exec env LC_ALL=C", ...through, `sh -c '${begin}'`].join(" ");
    const channel = await withDeadline(START_MS, { clock: systemClock }, async (signal) => {
        const opening = openChannel(client, command);
        // one that comes too late is closed, not leaked
        opening.then((channel) => signal.aborted && channel.destroy(), ignore);
        return await abortable(opening, signal);
    }).catch((error: unknown) => {
        throw error instanceof DeadlinePassed ? late : error;
    });
    const said = { out: "", err: "" };
    const words = (): string => {
        const told = said.err.replaceAll(prompt, "").trim() || said.out.trim();
        return Buffer.from(told, "latin1").toString("utf8");
    };
    let asked = 0;
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => finish(silent(connection, words(), START_MS / 1000)), START_MS);
        const finish = (error?: Error): void => {
            clearTimeout(timer);
            channel.removeListener("data", onOut).removeListener("close", onClose);
            channel.stderr.removeListener("data", onErr);
            if (!error) return resolve(channel);
            channel.destroy();
            reject(error);
        };
        const onOut = (chunk: Buffer): void => {
            // what was looked through once is not looked through again, but for what could be the word's beginning
            const from = Math.max(0, said.out.length - ready.length);
            said.out += chunk.toString("latin1");
            if (said.out.includes(ready, from)) finish();
            else if (said.out.length > mostWords) finish(noShell(connection, said.out));
        };
        const onErr = (chunk: Buffer): void => {
            said.err += chunk.toString("latin1");
            if (said.err.length > mostWords) return finish(noShell(connection, said.err));
            const prompts = said.err.split(prompt).length - 1;
            if (prompts > 1) finish(noShell(connection, "Sorry, try again"));
            else if (prompts > asked) {
                asked = prompts;
                channel.write(`${password}\n`);
            }
        };
        const onClose = (code?: number | null): void => {
            finish(code === undefined ? new Dropped("the connection was lost") : noShell(connection, words(), code));
        };
        channel.on("data", onOut).on("close", onClose);
        channel.stderr.on("data", onErr);
    });
}

function openChannel(client: Client, command: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
        try {
            client.exec(command, (error, channel) => {
                if (!error) return resolve(channel);
                const { reason } = asObject(error);
                // only a refused channel has a reason; without one the connection itself has gone
                reject(reason !== undefined ? new SessionRefused(error.message) : new Dropped(error.message));
            });
        } catch (error) {
            reject(new Dropped(asError(error).message));
        }
    });
}

const ignore = (): void => undefined;
