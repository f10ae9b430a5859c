import { connectionOf, isConnection } from "../connection";
import { IsardvdiError } from "../errors";
import { hasUnknown } from "../property/unknown";
import { isToUpdate } from "../property/changes";
import type { CheckFailure, Context, Values } from "../resource";
import { twice, warnOfId } from "./ids";
import { definition, type Inputs } from "./schema";

/** What the table cannot say of one property alone. */
export function validate(inputs: Inputs, context: Context, state?: Values): CheckFailure[] {
    const { configuration } = context;
    const failures: CheckFailure[] = [];
    const noting = (property: string, look: () => void): void => {
        try {
            look();
        } catch (error) {
            if (!(error instanceof IsardvdiError)) throw error;
            failures.push({ property, reason: error.message });
        }
    };
    const { site, vlans, hyperId, diagnostics } = inputs;
    if (!hasUnknown(site)) {
        noting(site === undefined ? "" : "site", () => {
            const { apiGeneration, unencrypted } = configuration.site(site);
            // what is there already, and stays as it is, sends nothing
            if (unencrypted && !(state && !isToUpdate(definition, state, inputs))) throw unencrypted;
            if (!vlans || apiGeneration !== "v3") return;
            failures.push({
                property: "vlans",
                reason: "vlans needs release 17 or later: the v3 API cannot register any.",
            });
        });
    }
    const host: unknown = diagnostics?.host;
    if (isConnection(host) && !hasUnknown(host))
        noting("diagnostics.host", () => void connectionOf(host, configuration));
    if (!hasUnknown([hyperId, site])) failures.push(...twice(inputs, context));
    if (!hasUnknown(hyperId)) warnOfId(inputs, context);
    return failures;
}
