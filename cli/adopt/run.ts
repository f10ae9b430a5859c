import { asError } from "../../provider/as-error";
import { writeFileSync } from "node:fs";
import { readConfiguration } from "../../provider/configuration";
import { openSite } from "../../provider/isardvdi";
import { openRemotes } from "../../provider/remote";
import { silentLog, systemClock } from "../../provider/world";
import { readStack } from "../stack/configuration";
import { remark, say } from "../terminal";
import { HELP, optionsOf } from "./options";
import { programOf } from "./program";
import { survey } from "./survey";

/** Answers the exit code; what is not usable is thrown. */
export async function runAdopt(args: string[]): Promise<number> {
    const options = optionsOf(args);
    if (options === "help") {
        say(HELP);
        return 0;
    }
    const interruption = new AbortController();
    process.once("SIGINT", () => interruption.abort(new Error("interrupted")));
    const { signal } = interruption;
    const stack = options.stack === undefined ? undefined : await readStack(options.stack, options.cwd);
    const configuration = readConfiguration(stack?.get ?? (() => undefined), process.env);
    const remotes = openRemotes({ ssh: configuration.ssh });
    try {
        const settings = configuration.site(options.site);
        if (settings.unencrypted) remark(`${settings.unencrypted.seen}.`);
        const api = await openSite(settings, { clock: systemClock, signal });
        const seen = await survey(options, { api, configuration, remotes, call: { signal, log: silentLog } });
        if (seen.hypervisors.length === 0)
            throw new Error("Unable to adopt the site: it has no hypervisor. Check apiUrl and --site.");
        write(programOf(seen), options.out);
        seen.notes.forEach(remark);
        return 0;
    } finally {
        await remotes.close();
    }
}

function write(program: string, out: string | undefined): void {
    if (out === undefined) return say(program);
    try {
        writeFileSync(out, program, { flag: "wx" });
    } catch (error) {
        const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
        const why = isThere ? "it is there already" : asError(error).message;
        throw new Error(`Unable to write ${out}: ${why}. Give another --out.`, { cause: error });
    }
}
