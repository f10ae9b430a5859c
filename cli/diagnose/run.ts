import { readConfiguration } from "../../provider/configuration";
import { type ConnectionArgs, connectionOf } from "../../provider/connection";
import { diagnose, type Place, render } from "../../provider/diagnosis";
import { openSite } from "../../provider/isardvdi";
import { escaped } from "../../provider/printable";
import { openRemotes } from "../../provider/remote";
import { silentLog, systemClock } from "../../provider/world";
import { HELP, type Options, optionsOf } from "./options";
import { readStack } from "../stack/configuration";
import { remark, say } from "../terminal";

/** Answers the exit code: 0 healthy, 1 a step fails; what is not usable is thrown. */
export async function runDiagnose(args: string[]): Promise<number> {
    const options = optionsOf(args);
    if (options === "help") {
        say(HELP);
        return 0;
    }
    const interruption = new AbortController();
    process.once("SIGINT", () => interruption.abort(new Error("interrupted")));
    return examine(options, interruption.signal);
}

async function examine(options: Options, signal: AbortSignal): Promise<number> {
    const { hyperId, json } = options;
    const stack = options.stack === undefined ? undefined : await readStack(options.stack, options.cwd);
    const configuration = readConfiguration(stack?.get ?? (() => undefined), process.env);
    const known = stack?.hypervisor(hyperId) ?? {};
    const site = options.site ?? text(known["site"]);
    const settings = configuration.site(site);
    if (settings.unencrypted) remark(`${settings.unencrypted.seen}.`);
    const server = configuration.server(site);
    const host = hostOf(options.host, known["diagnostics"]);
    const remotes = openRemotes({ ssh: configuration.ssh });
    const place = (connection: ConnectionArgs | undefined, why: string): Place =>
        connection ? { remote: remotes.open(connection) } : { why };
    try {
        const found = await diagnose(
            {
                subject: {
                    hyperId,
                    hostname: options.hostname ?? text(known["hostname"]),
                    isDisabledOnPurpose: known["enabled"] === false,
                },
                api: (call) => openSite(settings, { clock: systemClock, signal: call }),
                server: place(server, "no isardvdi:server"),
                host: place(host === undefined ? undefined : connectionOf(host, configuration), "no --host"),
            },
            { clock: systemClock, signal, log: silentLog },
        );
        say(`${json ? escaped(JSON.stringify(found, undefined, 2)) : render(found)}\n`);
        return found.isHealthy ? 0 : 1;
    } finally {
        await remotes.close();
    }
}

function hostOf(asked: string | undefined, diagnostics: unknown): string | ConnectionArgs | undefined {
    if (asked?.trimStart().startsWith("{")) return parsed(asked);
    return asked ?? (diagnostics as { host?: ConnectionArgs | string } | undefined)?.host;
}

function parsed(json: string): ConnectionArgs {
    try {
        const value = JSON.parse(json) as Partial<ConnectionArgs>;
        if (typeof value.host === "string") return { ...value, host: value.host };
    } catch {
        // falls through: the text may hold a key, so it is not shown
    }
    throw new Error('--host is neither a name nor a connection: write it as \'{"host": "h1.example.org"}\'');
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
