import type { Interval } from "./intervals";

/** Of "2022" or, with ":" or "-" between, "15900:17899"; undefined for anything else. */
export function portsIn(text: string, dash: ":" | "-"): Interval | undefined {
    const [, first = "", last = first] = (dash === ":" ? /^(\d*)(?::(\d*))?$/ : /^(\d+)(?:-(\d+))?$/).exec(text) ?? [];
    if (first === "" && last === "") return undefined;
    // iptables leaves out an end that is the last there is
    const [from, to] = [Number(first), last === "" ? 65535 : Number(last)];
    return from <= to && to <= 65535 ? [from, to] : undefined;
}
