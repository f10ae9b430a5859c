import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SITE_DOMAIN } from "../api/registration";
import type { Machine } from "../machine/machine";
import type { Settings } from "../options";

const FOLDER = "/opt/isard/src";

/** A server without a hypervisor of its own, as an administrator has left it who has no video proxy yet. */
export const cfgOf = ({ hypervisorsSecret }: Settings): string => `# IsardVDI's configuration
FLAVOUR=web+storage+video
DOMAIN=${SITE_DOMAIN}
API_HYPERVISORS_SECRET=${hypervisorsSecret}

## Which hypervisors the video proxy lets through
#VIDEO_HYPERVISOR_HOSTNAMES=isard-hypervisor
#VIDEO_HYPERVISOR_PORTS=5900-7899
`;

/** Stands in for IsardVDI's sources: a build.sh that bakes an isardvdi.cfg into a compose file, as the real one does. */
export async function installCheckout(machine: Machine, cfg: string): Promise<void> {
    const script = readFileSync(join(__dirname, "build.sh"), "utf8");
    await machine.must(`mkdir -p ${FOLDER} && cat >${FOLDER}/build.sh && chmod 755 ${FOLDER}/build.sh`, {
        input: script,
    });
    await machine.must(`umask 077; cat >${FOLDER}/isardvdi.cfg`, { input: cfg });
    // the other services of the file run already
    const ours = "isard-squid isard-websockify isard-sessions";
    await machine.must(`cd ${FOLDER} && ./build.sh && docker compose up -d --no-deps ${ours}`);
}
