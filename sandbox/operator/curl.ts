import { SITE_DOMAIN } from "../api/registration";
import { SITE_ADDRESS } from "../container/container";
import { failed, printed } from "../docker/docker";
import type { Outcome } from "../machine/command";
import type { PortalState } from "../site";
import type { Host } from "../world/host";

const NAMES = [SITE_ADDRESS, SITE_DOMAIN, "isard-apiv4", "isard-api"];

const complaints: Readonly<Record<PortalState["certificate"], string | undefined>> = {
    valid: undefined,
    "self-signed": "self-signed certificate",
    expired: "certificate has expired",
};

/** curl in a hypervisor's container, as far as it gets towards the site's portal. */
export function curl(host: Host, { certificate }: PortalState, args: readonly string[]): Outcome {
    const address = args.find((each) => /^https?:/.test(each));
    if (address === undefined) return failed("curl: (2) no URL specified", 2);
    const { hostname, protocol } = new URL(address);
    if (!NAMES.includes(hostname)) return failed(`curl: (6) Could not resolve host: ${hostname}`, 6);
    if (host.switches.portal === "closed") return failed("curl: (28) Connection timed out after 4001 milliseconds", 28);
    const isUnchecked = protocol === "http:" || args.some((each) => /^-\w*k|^--insecure$/.test(each));
    // no certificate is made out for an address
    const wrong = hostname === SITE_DOMAIN ? complaints[certificate] : "unable to get local issuer certificate";
    if (isUnchecked || wrong === undefined) return printed([]);
    return failed(`curl: (60) SSL certificate problem: ${wrong}`, 60);
}
