import { plain, type Values } from "../stack/pulumi";

/** A hypervisor as the stack has it. */
export interface DrawnHypervisor {
    id: string;
    hostname: string;
    flavour: string;
    status: string;
    detail: string;
    enabled: boolean;
    tunnel: string;
}

export interface DrawnForward {
    text: string;
    verified: string;
}

/** A machine with what runs and is open there. */
export interface DrawnHost {
    name: string;
    hypervisors: DrawnHypervisor[];
    forwards: DrawnForward[];
}

export interface DrawnServer {
    name: string;
    forwards: DrawnForward[];
    video: string[];
    settings: string[];
}

/** What a picture shows of one site. */
export interface Picture {
    title: string;
    server: DrawnServer | undefined;
    hosts: DrawnHost[];
}

interface Resource {
    type?: string;
    urn?: string;
    outputs?: Values;
}

/** One picture for each site of the stack, in the order of their names. */
export function picturesOf(exported: unknown): Picture[] {
    const { deployment } = exported as { deployment?: { resources?: Resource[] } };
    const all = (deployment?.resources ?? []).flatMap(({ type = "", outputs = {} }) => {
        const [, kind] = /isardvdi:(\w+)$/.exec(type) ?? [];
        return kind === undefined ? [] : [{ kind, values: plain(outputs) as Values }];
    });
    const of = (kind: string): Values[] => all.filter((each) => each.kind === kind).map(({ values }) => values);
    const parts = [of("Hypervisor"), of("PortForward"), of("VideoProxyConfig"), of("ServerConfig")] as const;
    const sites = [...new Set(parts.flat().map(siteOf))].sort();
    return sites.map((site) => {
        const [hypervisors, forwards, videos, settings] = parts.map((list) =>
            list.filter((each) => siteOf(each) === site),
        ) as [Values[], Values[], Values[], Values[]];
        return pictureOf(site, hypervisors, forwards, videos, settings);
    });
}

function pictureOf(
    site: string,
    hypervisors: Values[],
    forwards: Values[],
    videos: Values[],
    settings: Values[],
): Picture {
    const machines = new Map<string, DrawnHost>();
    const machine = (name: string): DrawnHost => {
        const known = machines.get(name) ?? { name, hypervisors: [], forwards: [] };
        machines.set(name, known);
        return known;
    };
    for (const each of hypervisors) machine(hostOf(each)).hypervisors.push(hypervisorOf(each));
    const ours = (name: string): string =>
        hypervisors
            .map((each) => ({ names: namesOf(each), host: hostOf(each) }))
            .find(({ names }) => names.includes(name))?.host ?? name;
    for (const each of forwards) machine(ours(machineOf(each))).forwards.push(forwardOf(each));
    const writers = [...videos, ...settings];
    const serverName =
        writers.map(machineOf)[0] ?? [...machines.values()].find(({ hypervisors: none }) => none.length === 0)?.name;
    const own = serverName === undefined ? undefined : machines.get(serverName);
    if (serverName !== undefined && own?.hypervisors.length === 0) machines.delete(serverName);
    const server =
        serverName === undefined
            ? undefined
            : {
                  name: serverName,
                  forwards: own?.hypervisors.length === 0 ? byText(own.forwards) : [],
                  video: unique(videos.flatMap(({ effectiveHostnames: names }) => texts(names))),
                  settings: unique(settings.flatMap(({ settings: keys }) => Object.keys(keys ?? {}))),
              };
    return {
        title: site === "" ? "IsardVDI" : `IsardVDI ${site}`,
        server,
        hosts: [...machines.values()]
            .map((host) => ({
                ...host,
                hypervisors: [...host.hypervisors].sort((a, b) => a.id.localeCompare(b.id)),
                forwards: byText(host.forwards),
            }))
            .sort((a, b) => a.name.localeCompare(b.name)),
    };
}

function hypervisorOf(values: Values): DrawnHypervisor {
    const vpn = (values["vpn"] ?? {}) as Values;
    const tunnel = [vpn["mode"], vpn["address"], vpn["tunnelStatus"]].filter((each) => typeof each === "string");
    return {
        id: text(values["hyperId"]),
        hostname: text(values["hostname"]),
        flavour: text(values["flavour"]) || "hypervisor",
        status: text(values["status"]) || "unknown",
        detail: text(values["detail"]),
        enabled: values["enabled"] !== false,
        tunnel: tunnel.join(", "),
    };
}

function forwardOf(values: Values): DrawnForward {
    const { protocol, port, toAddress, toPort, sourceCidrs, verified } = values;
    const from = texts(sourceCidrs);
    const to = `${text(toAddress)}${typeof toPort === "number" ? `:${toPort}` : ""}`;
    return {
        text: `${text(protocol)} ${String(port)} → ${to}${from.length > 0 ? ` from ${from.join(", ")}` : ""}`,
        verified: text(verified),
    };
}

/** The names by which a forward's connection may mean the host of a hypervisor. */
const namesOf = (values: Values): string[] => {
    const host = label((values["diagnostics"] as Values | undefined)?.["host"]);
    return [text(values["hyperId"]), text(values["hostname"]), ...(host === undefined ? [] : [host])];
};
const hostOf = (values: Values): string => text(values["hostname"]) || text(values["hyperId"]);
/** The connection's name, or its host; without secrets only the machine's id is left. */
const machineOf = (values: Values): string =>
    label(values["connection"]) ?? (text(values["machineId"]).slice(0, 8) || "a machine");
const label = (connection: unknown): string | undefined =>
    typeof connection === "string" ? connection : text((connection as Values | undefined)?.["host"]) || undefined;

const siteOf = ({ site }: Values): string => text(site);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const texts = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
const unique = (list: string[]): string[] => [...new Set(list)].sort();
const byText = (list: DrawnForward[]): DrawnForward[] => [...list].sort((a, b) => a.text.localeCompare(b.text));
