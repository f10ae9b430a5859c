/** One figure against its target; `ok` is absent where the design sets none. */
export interface Row {
    what: string;
    value: number;
    /** The value as it is printed, with its unit. */
    measured: string;
    target?: number;
    /** The target as it is printed. */
    wanted?: string;
    ok?: boolean;
    /** How it came about: the spread, the parts, what was counted. */
    detail?: Record<string, unknown>;
}

/** A figure that must not exceed its target. */
export function atMost(
    target: number,
    figure: { what: string; value: number; unit: string; digits?: number; detail?: Record<string, unknown> },
): Row {
    const { what, value, unit, digits = 0, detail } = figure;
    const shown = (amount: number): string => `${amount.toFixed(digits)}${unit}`;
    return {
        what,
        value,
        measured: shown(value),
        target,
        wanted: `≤ ${shown(target)}`,
        ok: value <= target,
        ...(detail && { detail }),
    };
}

export function quantile(values: number[], q: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? NaN;
}

export function median(values: number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    const upper = sorted[middle] ?? NaN;
    return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
