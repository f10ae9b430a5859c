import { configurationKeys } from "../../provider/configuration-keys";
import { steps } from "../../provider/diagnosis/steps";
import { definition as hypervisor } from "../../provider/hypervisor/schema";
import { definition as portForward } from "../../provider/port-forward/schema";
import { forwardsPage } from "./forwards";
import { configurationPage, resourcePage } from "./page";
import { sdkFile } from "./sdk";
import { troubleshootingPage } from "./troubleshooting";

/** Everything that is generated from the tables: path → text. */
export const generated = (): Record<string, string> => ({
    "docs/reference/hypervisor.md": resourcePage(hypervisor),
    "docs/reference/port-forward.md": resourcePage(portForward),
    "docs/reference/configuration.md": configurationPage(configurationKeys),
    "docs/forwards.md": forwardsPage(),
    "docs/troubleshooting.md": troubleshootingPage(steps),
    "sdk/generated/hypervisor.ts": sdkFile(hypervisor),
    "sdk/generated/port-forward.ts": sdkFile(portForward),
});
