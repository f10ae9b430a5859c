import { IsardvdiError } from "../../errors";
import type { Remote, RemoteCall } from "../../remote/remote";
import type { Clock } from "../../world";
import { carryOut } from "../carry-out";
import { sectionsOf } from "../host/answer";
import { preamble } from "../host/paths";
import { formatLedger, type Ledger } from "../ledger";
import { look } from "../look";
import { repair } from "../repair";
import type { Seen } from "../seen";
import type { Kept } from "./chains";
import { type Rebuilt, rebuiltFrom } from "./ledger";

const keptScript = `(
${preamble}
for f in now.nat boot.nat firewalld.json; do
    [ ! -e "$S/$f" ] || { echo "==$f"; cat "$S/$f"; echo; }
done
)`;

async function keptOn(remote: Remote, call: RemoteCall): Promise<Kept> {
    const { stdout } = await remote.run(keptScript, call);
    return new Map(sectionsOf(stdout).map(({ name, text }) => [name, text]));
}

/** What a ledger would hold, and what was wrong with it; changes nothing. */
export async function rebuiltLedger(remote: Remote, call: RemoteCall): Promise<Rebuilt & Pick<Seen, "damage">> {
    const kept = await keptOn(remote, call);
    const seen = await look(remote, call, { isRebuilt: true });
    return { ...rebuiltFrom(seen, kept, remote.name), damage: seen.damage };
}

/** Writes the ledger anew; where a rule does not tell all that it has to hold, nothing is changed. */
export async function rebuildLedger(remote: Remote, call: RemoteCall, clock: Clock): Promise<void> {
    const kept = await keptOn(remote, call);
    const whole = (seen: Seen): Ledger => {
        const { ledger, lost } = rebuiltFrom(seen, kept, remote.name);
        if (lost.length > 0) throw notTold(remote.name, lost);
        return ledger;
    };
    const isThere = (seen: Seen, ledger: Ledger): boolean => formatLedger(ledger) === formatLedger(seen.ledger);
    const job = repair("rebuild-ledger", remote, whole, isThere);
    await carryOut(remote, { ...job, isRebuilt: true }, call, clock);
}

export const notTold = (host: string, lost: readonly string[]): IsardvdiError =>
    new IsardvdiError({
        code: "unsupported",
        action: "rebuild",
        resource: `the ledger of forwards of ${host}`,
        seen: `these do not tell all that it has to hold: ${lost.join("; ")}`,
        advice: "Take their rules out by hand and run again, or run npx pulumi-isardvdi clear-forwards; nothing was changed.",
    });
