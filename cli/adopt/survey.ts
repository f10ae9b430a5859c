import type { Configuration } from "../../provider/configuration";
import type { ConnectionArgs } from "../../provider/connection";
import { IsardvdiError } from "../../provider/errors";
import { openFirewall, type ForeignRule } from "../../provider/firewall";
import type { HypervisorRecord, IsardApi } from "../../provider/isardvdi/api";
import { inspect } from "../../provider/isardvdi-cfg/host/inspect";
import { placeOf } from "../../provider/isardvdi-cfg/place";
import type { RemoteCall } from "../../provider/remote/remote";
import type { Remotes } from "../../provider/remote";
import { type Video, leftOf, videoOf } from "./video";

/** A machine whose connection has a name that a program can say. */
export interface Machine {
    connection: string;
    /** Forwards that are not ours, towards IsardVDI's containers. */
    rules: ForeignRule[];
}

/** What a site has, as far as it could be looked at. */
export interface Survey {
    site: string | undefined;
    hypervisors: { record: HypervisorRecord; host: string | undefined }[];
    machines: Machine[];
    video: Video | undefined;
    /** What could not be looked at, and why. */
    notes: string[];
}

interface World {
    api: IsardApi;
    configuration: Configuration;
    remotes: Remotes;
    call: RemoteCall;
}

export interface Question {
    site: string | undefined;
    hosts: ReadonlyMap<string, string>;
    dockerNet: string;
    configPath: string;
}

/** Reads everything, changes nothing; one machine that is away hides no other. */
export async function survey(question: Question, world: World): Promise<Survey> {
    const { configuration, api, call } = world;
    const records = await api.list(call);
    const notes: string[] = [];
    const named = configuration.connectionNames.map((name) => ({ name, args: configuration.connection(name) }));
    const hypervisors = [...records]
        .sort((a, b) => a.hyperId.localeCompare(b.hyperId))
        .map((record) => ({ record, host: hostOf(record, named, question.hosts) }));
    for (const { record, host } of hypervisors)
        if (host === undefined)
            notes.push(
                `${record.hyperId}: no connection is named ${record.hyperId} or leads to ${record.hostname}, so that its host was not looked at. Add it to isardvdi:connections, or give --host ${record.hyperId}=NAME.`,
            );
    const server = serverOf(configuration, question.site, named, notes);
    const names = [...hypervisors.map(({ host }) => host), server].filter((name) => name !== undefined);
    const machines = await Promise.all([...new Set(names)].map((name) => machineOf(name, question, world, notes)));
    const video = server === undefined ? undefined : await videoAt(server, question, world, notes);
    return { site: question.site, hypervisors, machines: machines.filter((each) => each !== undefined), video, notes };
}

interface Named {
    name: string;
    args: ConnectionArgs;
}

function hostOf(
    { hyperId, hostname }: HypervisorRecord,
    named: readonly Named[],
    asked: ReadonlyMap<string, string>,
): string | undefined {
    const wanted = asked.get(hyperId);
    if (wanted !== undefined && !named.some(({ name }) => name === wanted))
        throw new Error(`--host ${hyperId}=${wanted}: isardvdi:connections has no "${wanted}".`);
    return wanted ?? named.find(({ name, args }) => name === hyperId || args.host === hostname)?.name;
}

/** A program names a connection, so that no key gets into it. */
function serverOf(
    configuration: Configuration,
    site: string | undefined,
    named: readonly Named[],
    notes: string[],
): string | undefined {
    const server = configuration.server(site);
    const found = named.find(({ args }) => args.host === server?.host && (args.port ?? 22) === (server.port ?? 22));
    if (!server) notes.push("The server was not looked at: isardvdi:server is not set.");
    else if (!found)
        notes.push("The server was not looked at: isardvdi:server must be a name in isardvdi:connections for this.");
    return found?.name;
}

async function machineOf(
    name: string,
    { dockerNet }: Question,
    { remotes, configuration, call }: World,
    notes: string[],
): Promise<Machine | undefined> {
    try {
        const { foreign } = await openFirewall().inspect(remotes.open(configuration.connection(name)), "auto", call);
        return {
            connection: name,
            rules: foreign.filter(
                ({ toAddress, program }) => program === undefined && toAddress?.startsWith(`${dockerNet}.`),
            ),
        };
    } catch (error) {
        notes.push(`The firewall of ${name} was not looked at: ${why(error)}`);
        return undefined;
    }
}

async function videoAt(
    connection: string,
    { configPath }: Question,
    { remotes, configuration, call }: World,
    notes: string[],
): Promise<Video | undefined> {
    try {
        const question = { place: placeOf(configPath), owner: "adopt", services: [], keys: [] };
        const seen = await inspect(remotes.open(configuration.connection(connection)), question, call);
        if (!seen) notes.push(`The video proxy was not looked at: ${connection} has no ${configPath}.`);
        const left = seen && leftOf(seen);
        if (left !== undefined) notes.push(left);
        return seen && videoOf(connection, configPath, seen);
    } catch (error) {
        notes.push(`${configPath} on ${connection} was not looked at: ${why(error)}`);
        return undefined;
    }
}

const why = (error: unknown): string =>
    error instanceof IsardvdiError || error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
