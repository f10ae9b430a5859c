import { isHostname } from "../../hostname";
import { shellQuote } from "../../remote";
import type { Door, ServerFacts, Subject } from "../facts";
import { machineFacts } from "./common";
import { common, logOf, type Questions } from "./script";
import { linesOf, type Sections, textOf } from "./sections";

/** Where the engine keeps its keys and the host keys of the registered hypervisors, in releases old and new. */
const engineFolders = "/root/.ssh /sshkeys";

export const serverEvidence = {
    engine: "docker logs isard-engine",
    vpn: "docker logs isard-vpn",
    ovs: "docker exec isard-vpn ovs-vsctl show",
    wg: "docker exec isard-vpn wg show",
} as const;

/** As the ids are of which Open vSwitch can have a port: any other one, an option too, is not asked for. */
const isPortName = (id: string): boolean => /^\w[\w.-]*$/.test(id);

/** What the central server is asked about a hypervisor; the API's words are no hostnames before they look like one. */
export function serverQuestions({ hyperId, hostname, sshPort = 2022 }: Subject): Questions {
    const always: Questions = {
        ...common,
        enginekeys: `docker exec isard-engine sh -c ${shellQuote(`for d in ${engineFolders}; do cat $d/id_*.pub 2>/dev/null; done; true`)}`,
        vpnports: "docker port isard-vpn",
        wg: "docker exec isard-vpn wg show",
        ovs: "docker exec isard-vpn ovs-vsctl show",
        ...(isPortName(hyperId) && {
            bfd: `docker exec isard-vpn ovs-vsctl get interface ${shellQuote(hyperId)} bfd_status`,
        }),
        vpn: logOf("isard-vpn", 'grep -E "(peer|tunnel|geneve)"'),
    };
    if (hostname === undefined || !isHostname(hostname)) return always;
    const host = shellQuote(hostname);
    const name = shellQuote(`[${hostname}]:${sshPort}`);
    const find = `for d in ${engineFolders}; do ssh-keygen -F "$0" -f $d/known_hosts 2>/dev/null; done; true`;
    return {
        ...always,
        dns: `docker exec isard-engine getent ahostsv4 ${host} || getent ahostsv4 ${host}`,
        // the banner shows who answers; an answer that never comes is told apart from a connection that never opens
        door: `timeout 4 bash -c 'exec 3<>"/dev/tcp/$0/$1" && echo connected && head -n 1 <&3 | head -c 90 | tr -cd "[:print:]"' ${host} ${sshPort}; echo " code $?"`,
        offered: `ssh-keyscan -T 4 -p ${sshPort} -- ${host} 2>/dev/null`,
        stored: `docker exec isard-engine sh -c ${shellQuote(find)} ${name}`,
        engine: logOf("isard-engine", `grep -F -e ${host}`),
    };
}

export function serverFacts(sections: Sections): ServerFacts {
    const text = (name: string): string | undefined => textOf(sections, name);
    const keys = (name: string): string[] | undefined =>
        text(name) === undefined ? undefined : keysOf(text(name) ?? "");
    return {
        ...machineFacts(sections, serverEvidence),
        addresses: addressesOf(sections),
        ssh: doorOf(text("door")),
        offeredKeys: keys("offered"),
        storedKeys: keys("stored"),
        engineKeys: keys("enginekeys"),
        vpnPorts: text("vpnports"),
        bfd: text("bfd"),
    };
}

/** 2 is getent's word for "no such name". */
function addressesOf(sections: Sections): string[] | undefined {
    const section = sections.get("dns");
    if (section?.code === 2) return [];
    if (section?.code !== 0) return undefined;
    return [...new Set(linesOf(section.text).flatMap((line) => /^[\d.]+(?=\s)/.exec(line.trim()) ?? []))];
}

/** "type body" of each public key, whatever stands before and behind it. */
export const keysOf = (text: string): string[] => [
    ...new Set(
        linesOf(text).flatMap(
            (line) => /\b(?:ssh-\w+|ecdsa-sha2-\w+) [\w+/=]+/.exec(line.startsWith("#") ? "" : line) ?? [],
        ),
    ),
];

const refusals: readonly [RegExp, Exclude<Door["state"], "ssh" | "other">][] = [
    [/Connection refused/i, "refused"],
    [/No route to host|Network is unreachable/i, "unreachable"],
    [/timed out| code (124|137)$/i, "timeout"],
];

function doorOf(text: string | undefined): Door | undefined {
    if (text === undefined || / code 127$/.test(text)) return undefined;
    const [, after] = /^connected\n([^]*)$/m.exec(text) ?? [];
    if (after === undefined) {
        const state = refusals.find(([pattern]) => pattern.test(text))?.[1];
        return state && { state };
    }
    const banner = after.replace(/ ?code \d+\s*$/, "").trim();
    if (banner === "") return { state: "silent" };
    return { state: banner.startsWith("SSH-") ? "ssh" : "other", banner };
}
