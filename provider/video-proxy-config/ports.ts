/** What squid and websockify take when nothing is set. */
export const defaultPorts = "5900-7899";

interface Range {
    from: number;
    to: number;
}

/**
 * What is wrong with ports, if anything: websockify takes a list as well, but squid reads the value as an address,
 * so that a comma makes it end at once.
 */
export function portsProblem(ports: string): string | undefined {
    const parts = /^(\d+)(?:-(\d+))?$/.exec(ports);
    if (!parts) return 'must be one port or one range such as "5900-7899": a list would end squid';
    const [from, to] = [Number(parts[1]), Number(parts[2] ?? parts[1])];
    if (from < 1 || to < 1 || from > 65535 || to > 65535) return "must lie within 1 and 65535";
    return from > to ? "must have its lower port first" : undefined;
}

const range = (ports: string): Range | undefined => {
    if (portsProblem(ports)) return undefined;
    const [from, to] = ports.split("-").map(Number);
    return { from: from ?? 0, to: to ?? from ?? 0 };
};

/** The smallest range that has them all; what is no range does not count. */
export function cover(all: readonly string[]): string {
    const ranges = all.map(range).filter((each) => each !== undefined);
    if (ranges.length === 0) return defaultPorts;
    const from = Math.min(...ranges.map((each) => each.from));
    const to = Math.max(...ranges.map((each) => each.to));
    return from === to ? String(from) : `${from}-${to}`;
}
