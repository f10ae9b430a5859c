import type { Configuration } from "../../provider/configuration";
import { hostnameProblem } from "../../provider/video-proxy-config/hostnames";
import type { HypervisorHostArgs } from "./args";
import { givenConnection, refusalsOf } from "./connection";
import { typedKeys } from "./settings";

/** What is wrong with a host's arguments, all of it at once; values that are still unknown are not looked at. */
export function mistakesOf(args: HypervisorHostArgs, configuration: Configuration): string[] {
    return rows.flatMap((row) => row(args)).concat(refusalsOf(givenConnection(args.connection, configuration)));
}

const rows: readonly ((args: HypervisorHostArgs) => string[])[] = [
    ({ flavour = "hypervisor" }) =>
        unless(
            ["hypervisor", "hypervisor-standalone"].includes(flavour),
            `flavour is "${flavour}". Use hypervisor or hypervisor-standalone`,
        ),
    ({ hostname }) => hostnameMistake("hostname", hostname),
    ({ server }) =>
        Object.entries(server).flatMap(([name, value]: [string, unknown]) => hostnameMistake(`server.${name}`, value)),
    ({ hyperId }) =>
        unless(
            hyperId === undefined || /^[a-z0-9][a-z0-9-]*$/.test(hyperId),
            `hyperId is ${JSON.stringify(hyperId)}. Use lower-case letters, digits and hyphens`,
        ),
    ({ release }) =>
        unless(
            /^[\w][\w./+-]*$/.test(release) && !["main", "master", "HEAD"].includes(release),
            `release is ${JSON.stringify(release)}, which is no pinned release. Give a tag of IsardVDI's repository, such as "v17.1.0"`,
        ),
    ({ repository }) =>
        unless(
            repository === undefined || /^[^-\s]\S*$/.test(repository),
            `repository is ${JSON.stringify(repository)}. Give an address that git fetches from`,
        ),
    ({ hypervisorsSecret }) =>
        unless(
            hypervisorsSecret !== undefined && hypervisorsSecret !== "",
            "hypervisorsSecret is missing. Give the server's API_HYPERVISORS_SECRET: new pulumi.Config().requireSecret(…)",
        ),
    ({ path, storage }) =>
        [
            ["path", path],
            ["storage.path", storage?.path],
        ].flatMap(([name, value]) =>
            unless(
                value === undefined || /^\/[\w./@+-]*[\w@+-]$/.test(value),
                `${name} is ${JSON.stringify(value)}. Give an absolute path without spaces`,
            ),
        ),
    ({ vlans }) => [
        ...unless(
            vlans === undefined || /^[A-Za-z0-9][\w.@-]{0,14}$/.test(vlans.trunkInterface),
            `vlans.trunkInterface is ${JSON.stringify(vlans?.trunkInterface)}. Give the name of an interface, as "ip link" prints it`,
        ),
        ...(vlans?.staticVlans ?? []).flatMap((vlan) =>
            unless(
                Number.isInteger(vlan) && vlan >= 1 && vlan <= 4094,
                `vlans.staticVlans has ${vlan}. VLANs are whole numbers from 1 to 4094`,
            ),
        ),
    ],
    ({ redis, viewer, tunnels }) =>
        Object.entries({
            "redis.port": redis?.port,
            "viewer.spicePort": viewer?.spicePort,
            "viewer.html5Port": viewer?.html5Port,
            "tunnels.hypersPort": tunnels?.hypersPort,
        }).flatMap(([name, value]) =>
            unless(
                typeof value !== "number" || (Number.isInteger(value) && value >= 1 && value <= 65535),
                `${name} is ${JSON.stringify(value)}. Ports are whole numbers from 1 to 65535`,
            ),
        ),
    ({ videoPorts }) => {
        const [, from, to] = (typeof videoPorts === "string" && /^(\d+)-(\d+)$/.exec(videoPorts)) || [];
        return unless(
            typeof videoPorts !== "string" || (Number(from) >= 1 && Number(from) <= Number(to) && Number(to) <= 65535),
            `videoPorts is ${JSON.stringify(videoPorts)}. Give a range from 1 to 65535, the lower port first, such as "5900-7899"`,
        );
    },
    ({ flavour, videoPorts, acme }) =>
        flavour !== "hypervisor-standalone"
            ? []
            : Object.entries({ videoPorts, acme }).flatMap(([name, value]) =>
                  unless(
                      value === undefined,
                      `${name} is given, and flavour hypervisor-standalone has no video proxy of its own. Leave it out, or choose flavour hypervisor`,
                  ),
              ),
    ({ settings = {} }) =>
        Object.keys(settings).flatMap((key) => [
            ...unless(
                /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !(key in Object.prototype),
                `settings has ${JSON.stringify(key)}, which is no key of an isardvdi.cfg`,
            ),
            ...unless(!typedKeys.has(key), `settings has ${key}, which an argument of its own sets. Use that one`),
        ]),
];

const hostnameMistake = (name: string, value: unknown): string[] => {
    if (value === undefined || value === "") return [`${name} is missing. Give the name or the address of the host`];
    const wrong = typeof value === "string" ? hostnameProblem(value) : undefined;
    return wrong === undefined ? [] : [`${name} is ${JSON.stringify(value)}, which ${wrong}`];
};

const unless = (isRight: boolean, mistake: string): string[] => (isRight ? [] : [mistake]);
