/** A set of whole numbers, such as ports or IPv4 addresses: ordered, apart, both ends included. */
export type Intervals = readonly Interval[];
export type Interval = readonly [first: number, last: number];

export const everyPort: Intervals = [[0, 65535]];
export const everyAddress: Intervals = [[0, 2 ** 32 - 1]];

export function intervals(...parts: Interval[]): Intervals {
    const ordered = parts.filter(([first, last]) => first <= last).sort(([a], [b]) => a - b);
    const joined: [number, number][] = [];
    for (const [first, last] of ordered) {
        const before = joined.at(-1);
        if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
        else joined.push([first, last]);
    }
    return joined;
}

/** What of `all` is not in the set. */
export function without(all: Intervals, set: Intervals): Intervals {
    return set.reduce<Intervals>(
        (left, [first, last]) =>
            intervals(
                ...left.flatMap(([a, b]): Interval[] => [
                    [a, Math.min(b, first - 1)],
                    [Math.max(a, last + 1), b],
                ]),
            ),
        all,
    );
}

export const both = (a: Intervals, b: Intervals): Intervals =>
    intervals(...a.flatMap(([x, y]) => b.map(([v, w]): Interval => [Math.max(x, v), Math.min(y, w)])));

export const meet = (a: Intervals, b: Intervals): boolean => both(a, b).length > 0;

export const same = (a: Intervals, b: Intervals): boolean => JSON.stringify(a) === JSON.stringify(b);
