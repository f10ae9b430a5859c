import { IsardvdiError } from "../errors";
import type { Context } from "../resource";
import { admitted } from "../verification/admitted";
import { vantagesOf } from "../verification/vantages";
import { verify } from "../verification/verify";
import type { Host } from "./host";
import { describe, forwardOf } from "./inputs";
import type { Inputs } from "./schema";
import type { Parts } from "./parts";

/** Proves a forward as its inputs want it proved, and says how. */
export async function prove(host: Host, inputs: Inputs, { network }: Parts, context: Context): Promise<string> {
    if (inputs.verify === "rules") return "rules in place; no packet was asked for";
    const { connection, remote } = host;
    const forward = forwardOf(inputs);
    const jump = connection.proxy && context.remotes.open(connection.proxy);
    const server = serverOf(host, inputs, context);
    const { sourceCidrs, inInterface } = forward;
    // through which interface a packet of ours would come in, nothing here tells
    const all = inInterface === undefined ? vantagesOf({ network, connection, jump, server }) : [];
    const { signal, log } = context.world;
    const vantages = sourceCidrs ? await admitted(all, sourceCidrs, { signal, log }) : all;
    const subject = { forward, remote, vantages };
    const name = `port forward ${describe(forward)} on ${remote.name}`;
    return verify(subject, name, inputs.verifyTimeoutSeconds ?? 120, context.world);
}

/** The site's server, unless it is this very host or none is configured. */
function serverOf(host: Host, { site }: Inputs, context: Context): Host["remote"] | undefined {
    const { configuration, remotes, world } = context;
    try {
        const server = configuration.server(site);
        return server && server.host !== host.connection.host ? remotes.open(server) : undefined;
    } catch (error) {
        if (!(error instanceof IsardvdiError)) throw error;
        world.log.warn(`isardvdi:server is no place to verify from: ${error.message}`);
        return undefined;
    }
}
