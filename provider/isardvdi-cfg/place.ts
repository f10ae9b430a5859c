import { posix } from "node:path";

/** Where an isardvdi.cfg and what belongs to it are found on a host. */
export interface Place {
    configPath: string;
    /** The checkout, in which build.sh runs. */
    folder: string;
    file: string;
    /** What build.sh makes of the file: its name follows the file's, not the flavour. */
    composeFile: string;
}

/** IsardVDI's checkout, by its own convention. */
export const defaultPath = "/opt/isard/src/isardvdi.cfg";

/** The names that build.sh looks for. */
export const fileName = /^isardvdi\.?(.*)\.cfg$/;

/** Our own folder in the checkout; nothing in it matches build.sh's `isardvdi*.cfg`. */
export const ownFolder = ".pulumi-isardvdi";

export function placeOf(configPath: string): Place {
    const file = posix.basename(configPath);
    const name = fileName.exec(file)?.[1] ?? "";
    return {
        configPath,
        folder: posix.dirname(configPath),
        file,
        composeFile: name ? `docker-compose.${name}.yml` : "docker-compose.yml",
    };
}

/** What is wrong with a path, if anything. */
export function pathProblem(configPath: string): string | undefined {
    if (!/^\/[^\n\0]*$/.test(configPath)) return "must be an absolute path";
    const file = posix.basename(configPath);
    return fileName.test(file)
        ? undefined
        : `must end in isardvdi.cfg or isardvdi.NAME.cfg, for build.sh reads no other`;
}
