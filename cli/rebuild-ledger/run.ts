import { describe } from "../../provider/port-forward/inputs";
import { notTold, rebuiltLedger, rebuildLedger } from "../../provider/firewall/rebuild";
import { systemClock } from "../../provider/world";
import { onHost } from "../host/on-host";

const HELP = `Usage: pulumi-isardvdi rebuild-ledger CONNECTION [options]

Writes a host's ledger of forwards anew where it is damaged: of its lines that can be read, and of the rules of ours that
none of these has. Without --yes it shows what it would hold. No forward changes, of whichever stack. Where the rules do
not tell all of it, they are named and nothing is changed. CONNECTION is a name in connections. The site is configured by
the environment (ISARDVDI_CONNECTIONS, …: see docs/reference/configuration.md) or by a stack.

  --yes          do it
  --stack NAME   read the configuration of this stack, through the pulumi command
  --cwd DIR      folder of the stack's program (.)
  --help         this text

Exit code: 0 it is written, whole or was shown, 2 the command, the configuration or the host is not usable.
`;

export const runRebuildLedger = async (args: string[]): Promise<number> =>
    await onHost("rebuild-ledger", HELP, args, async ({ remote, call, isSure }) => {
        const { ledger, told, lost, damage } = await rebuiltLedger(remote, call);
        if (lost.length > 0) throw notTold(remote.name, lost);
        if (damage.length === 0 && told.length === 0) return `The ledger of ${remote.name} is whole.`;
        if (isSure) await rebuildLedger(remote, call, systemClock);
        const lines = [...ledger.values()].map(
            ({ owner, forward }) =>
                `${describe(forward)}, of ${owner.name}${told.includes(owner.tag) ? ", by its rules" : ""}`,
        );
        const left = damage.map((line) => `left out: ${line.slice(0, 100)}`);
        const head = isSure
            ? `The ledger of ${remote.name} is written anew`
            : `${remote.name} has these; give --yes to write them down`;
        return [`${head}.`, ...lines, ...left].join("\n");
    });
