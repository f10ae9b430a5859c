import { connectionOf, isConnection } from "../connection";
import { IsardvdiError } from "../errors";
import { hasUnknown } from "../property/unknown";
import type { CheckFailure, Context } from "../resource";

/** A connection by name must be one of the configuration's, and ~/.ssh/config must be usable where it is asked for. */
export function validateConnection(
    { connection }: { connection: unknown },
    { configuration }: Context,
): CheckFailure[] {
    if (!isConnection(connection) || hasUnknown(connection)) return [];
    try {
        connectionOf(connection, configuration);
        return [];
    } catch (error) {
        if (!(error instanceof IsardvdiError)) throw error;
        return [{ property: "connection", reason: error.message }];
    }
}
