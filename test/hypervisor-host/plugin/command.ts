import { randomBytes } from "node:crypto";
import { type Provider, main } from "@pulumi/pulumi/provider";
import type { ConnectionArgs } from "../../../provider/connection";
import { openRemotes } from "../../../provider/remote";
import { silentLog } from "../../../provider/world";
import { engineLog } from "./engine-log";

/** What Pulumi's engine puts around a secret on its way to a plugin. */
const secretMark = "4dabf18193072939515e22adb298388d";

interface Asked {
    connection: ConnectionArgs;
    create?: string;
    update?: string;
    delete?: string;
    stdin?: string;
    triggers?: unknown[];
    logging?: string;
    addPreviousOutputInEnv?: boolean;
}
interface Printed {
    stdout: string;
    stderr: string;
}

const log = engineLog(process.argv.at(-1) ?? "");

/** Stands in for @pulumi/command's plugin 1.2.1, where that is not installed: a command over SSH for each change. */
const plugin: Provider = {
    version: "1.2.1",
    check: (_urn, _olds, news: unknown) => Promise.resolve({ inputs: news }),
    diff: (_id, _urn, olds: object, news: object) => {
        const [then, now] = [olds, news].map((each) => new Map<string, unknown>(Object.entries(each)));
        const names = new Set([...(then?.keys() ?? []), ...(now?.keys() ?? [])]);
        for (const output of ["stdout", "stderr"]) names.delete(output);
        // any input, be it the comment of a host's key
        const changed = [...names].filter((name) => JSON.stringify(then?.get(name)) !== JSON.stringify(now?.get(name)));
        return Promise.resolve({
            changes: changed.length > 0,
            replaces: changed.filter((name) => name === "triggers"),
        });
    },
    create: async (urn, inputs: Asked) => {
        const id = `${urn.split("::").at(-1)}${randomBytes(4).toString("hex")}`;
        return { id, outs: { ...inputs, ...(await run(urn, inputs, "create")) } };
    },
    update: async (_id, urn, olds: Asked & Printed, news: Asked) => {
        const which = clear(news).update === undefined ? "create" : "update";
        return { outs: { ...news, ...(await run(urn, news, which, olds)) } };
    },
    read: (id, _urn, props: unknown) => Promise.resolve({ id, props }),
    delete: async (_id, urn, props: Asked & Printed) => void (await run(urn, props, "delete", props)),
};

async function run(
    urn: string,
    asked: Asked,
    which: "create" | "update" | "delete",
    before?: Printed,
): Promise<Printed> {
    const { connection, stdin = "", logging, addPreviousOutputInEnv, [which]: script } = clear(asked);
    if (script === undefined) return { stdout: "", stderr: "" };
    if (before && addPreviousOutputInEnv !== false) await refusals(urn, before);
    const remotes = openRemotes();
    try {
        const call = { signal: new AbortController().signal, log: silentLog, timeoutMs: 300_000 };
        const { code, stdout, stderr } = await remotes.open(connection).runAnew(script, call, stdin);
        const lines = logging === "stderr" ? stderr.split("\n").filter(Boolean) : [];
        for (const line of lines) await log("INFO", urn, line);
        if (code !== 0)
            throw new Error(
                `Process exited with status ${code}: running ${JSON.stringify(script)}:\n${stdout}${stderr}`,
            );
        return { stdout: stdout.replace(/\n$/, ""), stderr: stderr.replace(/\n$/, "") };
    } finally {
        await remotes.close();
    }
}

/** sshd takes no variable but those of its AcceptEnv, and Debian's has LANG and LC_* there. */
async function refusals(urn: string, before: Printed): Promise<void> {
    for (const [key, value] of Object.entries({ STDOUT: before.stdout, STDERR: before.stderr }))
        if (opened(value))
            await log(
                "WARNING",
                urn,
                `Unable to set 'PULUMI_COMMAND_${key}'. This only works if your SSH server is configured to accept these variables via AcceptEnv.`,
            );
}

const clear = (asked: Asked): Asked => opened(asked) as Asked;

function opened(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(opened);
    if (typeof value !== "object" || value === null) return value;
    if (secretMark in value) return opened((value as unknown as { value: unknown }).value);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, opened(each)]));
}

void main(plugin, process.argv.slice(2));
