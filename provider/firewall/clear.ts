import type { Remote, RemoteCall } from "../remote/remote";
import type { Clock } from "../world";
import { carryOut } from "./carry-out";
import { look } from "./look";
import { commentsIn, ownTable } from "./own-table";
import { repair } from "./repair";
import { commentPrefix } from "./rules";
import type { Seen } from "./seen";

/** Whatever of ours a host has, by its files and by its rules. */
const ours = (seen: Seen): string[] => [
    ...seen.tools.flatMap(({ saved }) =>
        [...saved].flatMap(([table, { rules }]) =>
            rules.filter(({ line }) => line.includes(commentPrefix)).map(({ line }) => `-t ${table} ${line}`),
        ),
    ),
    ...commentsIn(seen.native).map((comment) => `nft table ip ${ownTable}: ${comment}`),
];

/** The rules of ours that a host has; changes nothing. */
export const rulesOfOurs = async (remote: Remote, call: RemoteCall): Promise<string[]> =>
    ours(await look(remote, call, { isCleared: true }));

/** Takes out every forward of ours, of whichever stack, with the ledger; for a ledger that is damaged. */
export async function clearForwards(remote: Remote, call: RemoteCall, clock: Clock): Promise<void> {
    const job = repair(
        "clear-forwards",
        remote,
        () => new Map(),
        (seen) => ours(seen).length === 0,
    );
    await carryOut(remote, { ...job, isCleared: true }, call, clock);
}
