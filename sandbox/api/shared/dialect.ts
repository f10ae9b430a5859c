import type { Answer } from "../../web/exchange";

/** Where the same endpoints stand in each generation, and how each says "done". */
export interface Dialect {
    /** Before a path about one thing, and about several. */
    item: string;
    items: string;
    tableItem: string;
    tableItems: string;
    done: Answer;
}
