import type { SiteClock } from "../clock";
import type { Change, Table } from "../database";
import { text, type Row } from "../row";

/** Milliseconds of the site for which the change feed gathers what happens to a row after an event of it. */
const SQUASH = 500;

/**
 * A table's changes as isard-changefeed tells them: the first at once, and those of the next half second as one, from
 * what the row was before the first of them to what it is after the last. A change there and back is none.
 */
export function squashed(table: Table, clock: SiteClock, deliver: Change): () => void {
    const gathering = new Map<string, { change?: [before: Row | undefined, after: Row | undefined] }>();
    const cancels = new Set<() => void>();
    const gather = (id: string): void => {
        const gathered: { change?: [Row | undefined, Row | undefined] } = {};
        gathering.set(id, gathered);
        const cancel = clock.after(SQUASH, () => {
            cancels.delete(cancel);
            gathering.delete(id);
            if (!gathered.change) return;
            gather(id);
            deliver(...gathered.change);
        });
        cancels.add(cancel);
    };
    const end = table.onChange((before, after) => {
        const id = text(after ?? before, "id");
        const gathered = gathering.get(id);
        if (gathered) gathered.change = [gathered.change ? gathered.change[0] : before, after];
        else {
            gather(id);
            deliver(before, after);
        }
    });
    return () => {
        end();
        for (const cancel of cancels) cancel();
    };
}
