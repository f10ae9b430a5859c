import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import type { Outcome } from "../machine/command";
import type { Containers, Service } from "./containers";
import { type Compose, failed, printed } from "./docker";

type Environment = Readonly<Record<string, string>>;
type File = ReadonlyMap<string, Environment>;

/** What runs in a service's container with that environment. */
export type Make = (service: string, environment: Environment) => Service;

interface Words {
    files: readonly string[];
    options: ReadonlySet<string>;
    services: readonly string[];
}

/** `docker compose` of a machine, as far as IsardVDI's administrators and its build need it. */
export function compose(containers: Containers, root: string, make: Make): Compose {
    const commands: Record<string, (words: Words, file: () => File) => Outcome | Promise<Outcome>> = {
        version: () => printed(["Docker Compose version v2.29.7"]),
        config: ({ options }, file) =>
            options.has("--services") ? printed([...file().keys()]) : failed("the sandbox shows services only"),
        ps: ({ services }, file) =>
            printed(
                chosen(file(), services).flatMap(([name]) => {
                    const found = containers.find(name);
                    return found ? [found.id] : [];
                }),
            ),
        up: async ({ options, services }, file) => {
            for (const [name, environment] of chosen(file(), services)) {
                const now = containers.find(name);
                const isSame = now !== undefined && same(now.environment?.() ?? {}, environment);
                if (isSame && now.running && !options.has("--force-recreate")) continue;
                if (isSame && !options.has("--force-recreate")) await containers.turn(name, true);
                else await containers.recreate(name, made(make(name, environment), environment));
            }
            return printed([]);
        },
    };
    return async (args, folder) => {
        const { command, ...words } = wordsOf(args);
        const act = commands[command];
        if (!act) return failed(`unknown docker command: "compose ${command}"`);
        return await act(words, () => read(words.files.map((file) => root + resolve(folder, file))));
    };
}

/** Compose's own options come first, and only -f has a value. */
function wordsOf(args: readonly string[]): Words & { command: string } {
    const files: string[] = [];
    let rest = [...args];
    while (rest[0] === "-f" || rest[0] === "--file") {
        files.push(rest[1] ?? "");
        rest = rest.slice(2);
    }
    const [command = "", ...more] = rest;
    return {
        command,
        files: files.length > 0 ? files : ["docker-compose.yml"],
        options: new Set(more.filter((word) => word.startsWith("-"))),
        services: more.filter((word) => !word.startsWith("-")),
    };
}

function chosen(file: File, services: readonly string[]): [string, Environment][] {
    const unknown = services.find((name) => !file.has(name));
    if (unknown !== undefined) throw new Error(`no such service: ${unknown}`);
    return [...file].filter(([name]) => services.length === 0 || services.includes(name));
}

function read(paths: readonly string[]): File {
    const all = new Map<string, Environment>();
    for (const path of paths) {
        const { services = {} } = parse(readFileSync(path, "utf8")) as { services?: Record<string, Built> };
        for (const [name, { environment }] of Object.entries(services)) all.set(name, valuesOf(environment ?? {}));
    }
    return all;
}

interface Built {
    environment?: Record<string, string | null>;
}

/** What has no value is not set; a doubled dollar stands for one. */
const valuesOf = (environment: Record<string, string | null>): Environment =>
    Object.fromEntries(
        Object.entries(environment).flatMap(([key, value]) =>
            value === null ? [] : [[key, value.replaceAll("$$", "$")] as const],
        ),
    );

const made = (service: Service, environment: Environment): Service => ({ ...service, environment: () => environment });

const same = (a: Readonly<Record<string, string | undefined>>, b: Environment): boolean =>
    Object.keys({ ...a, ...b }).every((key) => a[key] === b[key]);
