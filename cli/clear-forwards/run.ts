import { clearForwards, rulesOfOurs } from "../../provider/firewall/clear";
import { type Change, openFirewall } from "../../provider/firewall";
import { describe } from "../../provider/port-forward/inputs";
import { systemClock } from "../../provider/world";
import { onHost, type Work } from "../host/on-host";

const HELP = `Usage: pulumi-isardvdi clear-forwards CONNECTION [options]

Takes every forward of ours out of a host's firewall, of whichever stack, with their ledger. It is the way out where that
ledger is damaged and rebuild-ledger cannot write it anew. Forwards are gone until pulumi up --refresh of each stack that
has some on this host puts them back. With --owner only those of one resource go, which no stack has any more: it was kept
by retainOnDelete, forgotten by pulumi state delete, or its stack is gone. Without --yes it shows what would go.
CONNECTION is a name in connections. The site is configured by the environment (ISARDVDI_CONNECTIONS, …: see
docs/reference/configuration.md) or by a stack.

  --yes          do it
  --owner URN    only the forwards of this resource, as a conflict names it
  --stack NAME   read the configuration of this stack, through the pulumi command
  --cwd DIR      folder of the stack's program (.)
  --help         this text

Exit code: 0 they are out, or were shown, 2 the command, the configuration or the host is not usable.
`;

export const runClearForwards = async (args: string[]): Promise<number> =>
    await onHost(
        "clear-forwards",
        HELP,
        args,
        async ({ given: { owner }, ...work }) =>
            typeof owner === "string" ? await ownersOut(owner, work) : await allOut(work),
        { owner: { type: "string" } },
    );

async function allOut({ remote, call, isSure }: Omit<Work, "given">): Promise<string> {
    if (isSure) {
        await clearForwards(remote, call, systemClock);
        return `Every forward of ours is out of ${remote.name}.`;
    }
    const rules = await rulesOfOurs(remote, call);
    const shown = rules.length > 0 ? rules : ["No rule there is ours."];
    return [`${remote.name} has these; give --yes to take them out.`, ...shown].join("\n");
}

async function ownersOut(name: string, { remote, call, isSure }: Omit<Work, "given">): Promise<string> {
    const firewall = openFirewall();
    const { forwards } = await firewall.inspect(remote, "auto", call);
    const theirs = [...forwards.values()].filter(({ owner }) => owner.name === name);
    if (theirs.length === 0) return `${remote.name} has no forward of ${name}.`;
    const shown = theirs.map(({ forward }) => describe(forward));
    if (!isSure) return [`${remote.name} has these of ${name}; give --yes to take them out.`, ...shown].join("\n");
    const removals = theirs.map(({ owner }): Change => ({
        owner,
        forward: undefined,
        backend: "auto",
        adopt: false,
        rollbackSeconds: 30,
    }));
    await firewall.apply(remote, removals, call);
    return [`These of ${name} are out of ${remote.name}.`, ...shown].join("\n");
}
