import { IsardvdiError } from "../errors";
import { hasUnknown } from "../property/unknown";
import type { CheckFailure, Context, Values } from "../resource";

/** A connection by name must be one of the configuration's. */
export function validateConnection({ connection }: Values, { configuration }: Context): CheckFailure[] {
    if (typeof connection !== "string" || hasUnknown(connection)) return [];
    try {
        configuration.connection(connection);
        return [];
    } catch (error) {
        if (!(error instanceof IsardvdiError)) throw error;
        return [{ property: "connection", reason: error.message }];
    }
}
