/** Runs a piece of work for each item, so many at once; the results stand in the order of the items. */
export async function bounded<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
        for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as T);
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
    return results;
}
