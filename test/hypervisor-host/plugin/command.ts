import { type Provider, main } from "@pulumi/pulumi/provider";
import type { ConnectionArgs } from "../../../provider/connection";
import { openRemotes } from "../../../provider/remote";
import { silentLog } from "../../../provider/world";

/** What Pulumi's engine puts around a secret on its way to a plugin. */
const secretMark = "4dabf18193072939515e22adb298388d";

interface Asked {
    connection: ConnectionArgs;
    create?: string;
    update?: string;
    delete?: string;
    stdin?: string;
    triggers?: unknown[];
}

/** Stands in for @pulumi/command's plugin, where that is not installed: a command over SSH for each change. */
const plugin: Provider = {
    version: "1.2.1",
    check: (_urn, _olds, news: unknown) => Promise.resolve({ inputs: news }),
    diff: (_id, _urn, olds: Asked, news: Asked) => {
        const differs = (name: keyof Asked): boolean => JSON.stringify(olds[name]) !== JSON.stringify(news[name]);
        const names = ["connection", "create", "update", "delete", "stdin", "triggers"] as const;
        return Promise.resolve({ changes: names.some(differs), replaces: differs("triggers") ? ["triggers"] : [] });
    },
    create: async (urn, inputs: Asked) => ({ id: urn, outs: { ...inputs, ...(await run(inputs, "create")) } }),
    update: async (_id, _urn, olds: Asked, news: Asked) => {
        const changed = { ...olds, ...(await run(news, clear(news).update === undefined ? "create" : "update")) };
        return { outs: { ...changed, ...news } };
    },
    read: (id, _urn, props: unknown) => Promise.resolve({ id, props }),
    delete: async (_id, _urn, props: Asked) => void (await run(props, "delete")),
};

async function run(asked: Asked, which: "create" | "update" | "delete"): Promise<{ stdout: string; stderr: string }> {
    const { connection, stdin = "", [which]: script } = clear(asked);
    if (script === undefined) return { stdout: "", stderr: "" };
    const remotes = openRemotes();
    try {
        const call = { signal: new AbortController().signal, log: silentLog, timeoutMs: 300_000 };
        const { code, stdout, stderr } = await remotes.open(connection).runAnew(script, call, stdin);
        if (code !== 0) throw new Error(`Process exited with status ${code}: ${stderr}`);
        return { stdout: stdout.replace(/\n$/, ""), stderr };
    } finally {
        await remotes.close();
    }
}

const clear = (asked: Asked): Asked => opened(asked) as Asked;

function opened(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(opened);
    if (typeof value !== "object" || value === null) return value;
    if (secretMark in value) return opened((value as unknown as { value: unknown }).value);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, opened(each)]));
}

void main(plugin, process.argv.slice(2));
