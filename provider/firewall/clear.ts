import type { Remote, RemoteCall } from "../remote/remote";
import type { Clock } from "../world";
import { chooseBackend } from "./backend";
import { carryOut } from "./carry-out";
import { look } from "./look";
import { commentsIn, ownTable } from "./own-table";
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
    let isFirst = true;
    await carryOut(
        remote,
        {
            isCleared: true,
            plan: (seen) => ({
                ledger: new Map(),
                chosen: chooseBackend(seen, "auto", remote.name),
                adopted: [],
                refused: new Map(),
                udp: [],
                warnings: [],
            }),
            changes: () => [
                {
                    owner: { tag: "all", name: "npx pulumi-isardvdi clear-forwards" },
                    forward: undefined,
                    backend: "auto",
                    adopt: false,
                    rollbackSeconds: 30,
                },
            ],
            // the files may name what no rule shows
            isDone: (_plan, seen) => {
                const isDone = !isFirst && ours(seen).length === 0;
                isFirst = false;
                return isDone;
            },
        },
        call,
        clock,
    );
}
