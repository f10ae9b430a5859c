/** First and last port, both included. */
export interface PortRange {
    from: number;
    to: number;
}

/** Of a port, or of "FROM-TO"; undefined where that is no range. */
export function portRange(value: number | string): PortRange | undefined {
    if (typeof value === "number") return { from: value, to: value };
    const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(value) ?? [];
    if (first === undefined || last === undefined) return undefined;
    const [from, to] = [Number(first), Number(last)];
    return from >= 1 && from <= to && to <= 65535 ? { from, to } : undefined;
}

export const isPortRange = (text: string): boolean => portRange(text) !== undefined;

/** As a program writes it: 2022, or "5900-7899". */
export const portText = ({ from, to }: PortRange): number | string => (from === to ? from : `${from}-${to}`);
