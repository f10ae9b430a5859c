import type { Remote } from "../remote/remote";
import { chooseBackend } from "./backend";
import type { Job } from "./carry-out";
import type { Ledger } from "./ledger";
import type { Seen } from "./seen";

/** A command's change of a whole host, of whichever stack: to one ledger, and written once whatever is there. */
export function repair(
    command: string,
    { name }: Pick<Remote, "name">,
    ledgerFor: (seen: Seen) => Ledger,
    isThere: (seen: Seen, ledger: Ledger) => boolean,
): Job {
    let isFirst = true;
    return {
        plan: (seen) => ({
            ledger: ledgerFor(seen),
            chosen: chooseBackend(seen, "auto", name),
            adopted: [],
            refused: new Map(),
            udp: [],
            warnings: [],
        }),
        changes: () => [
            {
                owner: { tag: "all", name: `npx pulumi-isardvdi ${command}` },
                forward: undefined,
                backend: "auto",
                adopt: false,
                rollbackSeconds: 30,
            },
        ],
        // the files may say what no rule shows
        isDone({ ledger }, seen) {
            const isDone = !isFirst && isThere(seen, ledger);
            isFirst = false;
            return isDone;
        },
    };
}
