import { createHash } from "node:crypto";
import { IsardvdiError } from "../../errors";
import { isHostname } from "../../hostname";
import type { Remote, RemoteCall } from "../../remote/remote";
import { Cfg } from "../document";
import { type Ledger, parseLedger } from "../ledger";
import { ownFolder, type Place } from "../place";
import { inspectScript } from "./scripts";

/** What is asked about a file and the containers that read it. */
export interface Question {
    place: Place;
    owner: string;
    services: readonly string[];
    keys: readonly string[];
    /** Names that must resolve on the host. */
    names?: readonly string[];
}

/** What one read-only round trip saw. */
export interface Seen {
    machineId: string;
    bytes: Buffer;
    cfg: Cfg;
    ledger: Ledger;
    cfgSum: string;
    ledgerSum: string;
    /** A change of ours was cut off, or is not built yet. */
    pending: boolean;
    hasBuild: boolean;
    hasCompose: boolean;
    /** Services of the compose file. */
    services: readonly string[];
    /** Services that have a container, of any compose file. */
    present: ReadonlySet<string>;
    containers: readonly Container[];
    resolved: ReadonlySet<string>;
}

export interface Container {
    service: string;
    running: boolean;
    /** What it was started with, of the keys that were asked about. */
    env: ReadonlyMap<string, string>;
    /** Keys that the compose file gives it. */
    expects: ReadonlySet<string>;
}

/** Undefined when there is no such file. */
export async function inspect(remote: Remote, question: Question, call: RemoteCall): Promise<Seen | undefined> {
    const { place, owner, services, keys, names = [] } = question;
    const lists = [services, keys, names.filter(isHostname)].map((list) => list.join(" "));
    const input = `${[place.folder, place.file, place.composeFile, owner, ...lists].join("\n")}\n`;
    const { code, stdout, stderr } = await remote.run(inspectScript, call, input);
    if (code !== 0) throw unreadable(remote, place, stderr.trim().split("\n").at(-1) || `exit code ${code}`);
    const facts = stdout.split("\n").map((line): [string, string] => {
        const space = line.indexOf(" ");
        return space < 0 ? [line, ""] : [line.slice(0, space), line.slice(space + 1)];
    });
    const all = (name: string): string[] => facts.filter(([each]) => each === name).map(([, rest]) => rest);
    const [content] = all("cfg");
    if (content === undefined) return undefined;
    const bytes = Buffer.from(content, "base64");
    const ledgerBytes = all("ledger")[0] === undefined ? undefined : Buffer.from(all("ledger")[0] ?? "", "base64");
    return {
        machineId: all("machine")[0] ?? "",
        bytes,
        cfg: Cfg.parse(bytes),
        ledger: ledgerOf(ledgerBytes, remote, place),
        cfgSum: sum(bytes),
        ledgerSum: ledgerBytes ? sum(ledgerBytes) : "none",
        pending: all("pending").length > 0,
        hasBuild: all("build").length > 0,
        hasCompose: all("built").length > 0,
        services: all("service"),
        present: new Set(all("present")),
        containers: containers(all("container"), all("env"), all("expects")),
        resolved: new Set(all("resolves")),
    };
}

function containers(states: string[], env: string[], expects: string[]): Container[] {
    return states.map((state) => {
        const [service = "", running] = state.split(" ");
        const own = (lines: string[]): string[] =>
            lines.filter((line) => line.startsWith(`${service} `)).map((line) => line.slice(service.length + 1));
        const variables = own(env).map((text): [string, string] => {
            const variable = variableOf(text);
            const equals = variable.indexOf("=");
            return [variable.slice(0, equals), variable.slice(equals + 1)];
        });
        return { service, running: running === "true", env: new Map(variables), expects: new Set(own(expects)) };
    });
}

/** "NAME=value" as Docker tells it; of what is none of its JSON no value is known. */
function variableOf(json: string): string {
    try {
        const value: unknown = JSON.parse(json);
        return typeof value === "string" ? value : "";
    } catch {
        return "";
    }
}

export const sum = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

function ledgerOf(bytes: Buffer | undefined, remote: Remote, place: Place): Ledger {
    try {
        return parseLedger(bytes?.toString("utf8") ?? "");
    } catch (cause) {
        throw new IsardvdiError({
            code: "unexpected-answer",
            action: "read",
            resource: `the ledger of ${place.file} on ${remote.name}`,
            seen: "it is damaged",
            advice: `Put ${place.folder}/${ownFolder}/${place.file}.json right, or take it away: whose keys are whose is then no longer known.`,
            cause,
        });
    }
}

function unreadable(remote: Remote, { configPath }: Place, seen: string): IsardvdiError {
    return new IsardvdiError({
        code: "unexpected-answer",
        action: "read",
        resource: `${configPath} on ${remote.name}`,
        seen,
        advice: "Check that the connection's user may read it.",
        property: "configPath",
    });
}
