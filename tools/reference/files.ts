import { configurationKeys } from "../../provider/configuration-keys";
import { definition as hypervisor } from "../../provider/hypervisor/schema";
import { configurationPage, resourcePage } from "./page";
import { sdkFile } from "./sdk";

/** Everything that is generated from the tables: path → text. */
export const generated = (): Record<string, string> => ({
    "docs/reference/hypervisor.md": resourcePage(hypervisor),
    "docs/reference/configuration.md": configurationPage(configurationKeys),
    "sdk/generated/hypervisor.ts": sdkFile(hypervisor),
});
