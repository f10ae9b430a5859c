type Environment = Readonly<Record<string, string>>;

/** What both containers of the video proxy take for nothing said. */
const HOSTNAMES = "isard-hypervisor";
const PORTS = "5900-7899";

export const hostnames = (environment: Environment): string[] =>
    (environment["VIDEO_HYPERVISOR_HOSTNAMES"] || HOSTNAMES)
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean);

/** Parts that say nothing are skipped; when none is left, no port is let through. */
export function portRanges(environment: Environment): [number, number][] {
    return (environment["VIDEO_HYPERVISOR_PORTS"] || PORTS).split(",").flatMap((part): [number, number][] => {
        const [, from, to] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
        return from === undefined ? [] : [[Number(from), Number(to ?? from)]];
    });
}
