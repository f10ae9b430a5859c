import { asError } from "../as-error";
import { IsardvdiError, isCode } from "../errors";
import { samePackets } from "../firewall/conflicts";
import type { Change } from "../firewall/firewall";
import type { Context, Stored, Values } from "../resource";
import { applyTogether } from "./batch";
import { openHost } from "./host";
import { changeOf, describe, forwardOf } from "./inputs";
import type { Inputs } from "./schema";
import type { Parts } from "./parts";

/** The rules as the state knows them: what is named where the host cannot be reached. */
const rulesOf = ({ rules }: Values): string[] => (Array.isArray(rules) ? rules.map(String) : []);

const removal = (id: string, inputs: Inputs): Change => ({
    ...changeOf(inputs, { tag: id, name: inputs.__urn ?? id }),
    forward: undefined,
});

/** Takes a forward's rules out; that they are gone already is fine. */
export async function remove(parts: Parts, id: string, state: Stored<Inputs>, context: Context): Promise<void> {
    const name = `port forward ${describe(forwardOf(state))}`;
    try {
        const { remote } = openHost(state.connection, context);
        const { host } = await applyTogether(parts.firewall, remote, removal(id, state), context.world);
        const held = [...host.forwards.values()].find((each) => samePackets(each.forward, forwardOf(state)));
        if (held) context.world.log.info(`${held.owner.name} has ${name} on ${remote.name} now, and keeps it.`);
        if (host.machineId !== state["machineId"])
            context.world.log.warn(
                `${remote.name} is another machine than the one that has ${name} (machine-id ${String(state["machineId"])}). ${leftBehind(state)}`,
            );
    } catch (error) {
        throw isUnreachable(error) ? wayOut(error, name, state) : error;
    }
}

/** Takes the rules out of the machine of before; where that cannot be, they are named, and nothing fails. */
export async function clean(
    parts: Parts,
    id: string,
    state: Stored<Inputs>,
    now: { machineId: string } | { isClone: boolean },
    context: Context,
): Promise<void> {
    const { log } = context.world;
    try {
        const { remote } = openHost(state.connection, context);
        if ("isClone" in now && !now.isClone)
            return log.warn(
                `The connection of before, ${remote.name}, does not answer, and the new one leads to a machine with the same machine-id: that this one is a clone cannot be ruled out. If it is: ${leftBehind(state)}`,
            );
        const { machineId } = await parts.firewall.inspect(remote, state.backend ?? "auto", context.world);
        if ("isClone" in now || machineId !== now.machineId) {
            await applyTogether(parts.firewall, remote, removal(id, state), context.world);
            return void log.info(`the rules on ${remote.name}, the machine of before, are taken out.`);
        }
        log.warn(`The connection of before leads to the new machine by now. ${leftBehind(state)}`);
    } catch (error) {
        if (context.world.signal.aborted) throw error;
        log.warn(`The machine of before could not be cleaned: ${asError(error).message} ${leftBehind(state)}`);
    }
}

const isUnreachable = (error: unknown): error is IsardvdiError =>
    isCode(error, "ssh-unreachable", "ssh-interrupted", "host-key", "dns", "bad-configuration");

function wayOut(error: IsardvdiError, name: string, state: Values): IsardvdiError {
    return new IsardvdiError({
        code: error.code,
        action: "delete",
        resource: name,
        seen: error.seen,
        advice: `${error.advice} Where the host is gone for good, run: pulumi state delete '${String(state["__urn"])}'. ${leftBehind(state)}`,
        cause: error,
    });
}

/** What has to be done by hand, as commands where there is one for each rule. */
function leftBehind(state: Values): string {
    const commands = rulesOf(state).map((rule) =>
        /^-t \w+ -A /.test(rule) ? `iptables ${rule.replace(" -A ", " -D ")}` : rule,
    );
    return `Its rules stay there until they are taken out by hand: ${commands.join("; ") || "none are known"}.`;
}
