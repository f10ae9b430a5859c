import { clearForwards, rulesOfOurs } from "../../provider/firewall/clear";
import { systemClock } from "../../provider/world";
import { onHost } from "../host/on-host";

const HELP = `Usage: pulumi-isardvdi clear-forwards CONNECTION [options]

Takes every forward of ours out of a host's firewall, of whichever stack, with their ledger. It is the way out where that
ledger is damaged and rebuild-ledger cannot write it anew. Without --yes it shows what would go. Forwards are gone until pulumi up --refresh of each stack that
has some on this host puts them back. CONNECTION is a name in connections. The site is configured by the environment
(ISARDVDI_CONNECTIONS, …: see docs/reference/configuration.md) or by a stack.

  --yes          do it
  --stack NAME   read the configuration of this stack, through the pulumi command
  --cwd DIR      folder of the stack's program (.)
  --help         this text

Exit code: 0 they are out, or were shown, 2 the command, the configuration or the host is not usable.
`;

export const runClearForwards = async (args: string[]): Promise<number> =>
    await onHost("clear-forwards", HELP, args, async ({ remote, call, isSure }) => {
        if (isSure) {
            await clearForwards(remote, call, systemClock);
            return `Every forward of ours is out of ${remote.name}.`;
        }
        const rules = await rulesOfOurs(remote, call);
        const shown = rules.length > 0 ? rules : ["No rule there is ours."];
        return [`${remote.name} has these; give --yes to take them out.`, ...shown].join("\n");
    });
