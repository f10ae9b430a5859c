import { configurationKeys } from "../../provider/configuration-keys";
import { steps } from "../../provider/diagnosis/steps";
import { definition as hypervisor } from "../../provider/hypervisor/schema";
import { definition as portForward } from "../../provider/port-forward/schema";
import { definition as serverConfig } from "../../provider/server-config/schema";
import { definition as videoProxyConfig } from "../../provider/video-proxy-config/schema";
import { componentPage } from "./component";
import { components } from "./components";
import { forwardsPage } from "./forwards";
import { configurationPage, resourcePage } from "./page";
import { sdkFile } from "./sdk";
import { troubleshootingPage } from "./troubleshooting";

/** Everything that is generated from the tables: path → text. */
export const generated = (): Record<string, string> => ({
    "docs/reference/hypervisor.md": resourcePage(hypervisor),
    "docs/reference/port-forward.md": resourcePage(portForward),
    "docs/reference/server-config.md": resourcePage(serverConfig),
    "docs/reference/video-proxy-config.md": resourcePage(videoProxyConfig),
    "docs/reference/configuration.md": configurationPage(configurationKeys),
    ...Object.fromEntries(
        Object.entries(components).map(([name, each]) => [`docs/reference/${name}.md`, componentPage(each)]),
    ),
    "docs/forwards.md": forwardsPage(),
    "docs/troubleshooting.md": troubleshootingPage(steps),
    "sdk/generated/hypervisor.ts": sdkFile(hypervisor),
    "sdk/generated/port-forward.ts": sdkFile(portForward),
    "sdk/generated/server-config.ts": sdkFile(serverConfig),
    "sdk/generated/video-proxy-config.ts": sdkFile(videoProxyConfig),
});
