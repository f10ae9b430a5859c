import type { HostFacts } from "../facts";
import { machineFacts } from "./common";
import { common, logOf, type Questions } from "./script";
import { linesOf, type Sections, textOf } from "./sections";
import { keysOf } from "./server";

export const hostEvidence = {
    hypervisor: "docker logs isard-hypervisor",
    ovs: "docker exec isard-hypervisor ovs-vsctl show",
    wg: "docker exec isard-hypervisor wg show",
    virsh: "docker exec isard-hypervisor virsh version",
} as const;

/** Only these of the container's settings: the others hold secrets. */
const settings = ["HYPER_ID", "API_DOMAIN", "DOMAIN", "VPN_DOMAIN", "HYPER_ENABLED"];

/** What the hypervisor's host is asked. */
export const hostQuestions: Questions = {
    ...common,
    authorized: "docker exec isard-hypervisor cat /root/.ssh/authorized_keys",
    virsh: "docker exec isard-hypervisor timeout 4 virsh -c qemu:///system version",
    cpu: "grep -m1 -owE 'vmx|svm' /proc/cpuinfo || echo none",
    ovs: "docker exec isard-hypervisor ovs-vsctl show",
    wg: "docker exec isard-hypervisor wg show",
    settings: `docker exec isard-hypervisor sh -c 'for n in ${settings.join(" ")}; do eval "echo $n=\\$$n"; done'`,
    api: `docker exec isard-hypervisor sh -c 'curl -sS -m 4 -o /dev/null "https://$API_DOMAIN/"'; echo "code $?"`,
    hypervisor: logOf("isard-hypervisor", "cat"),
};

export function hostFacts(sections: Sections): HostFacts {
    const text = (name: string): string | undefined => textOf(sections, name);
    const authorized = text("authorized");
    return {
        ...machineFacts(sections, hostEvidence),
        authorizedKeys: authorized === undefined ? undefined : keysOf(authorized),
        libvirt: libvirtOf(sections),
        virtualization: ({ vmx: "intel", svm: "amd", none: "none" } as const)[text("cpu")?.trim() as "vmx"],
        settings: settingsOf(text("settings")),
        apiAnswer: apiAnswerOf(text("api")),
    };
}

/** An answer of virsh or of its time limit; Docker's own failure says nothing about libvirt. */
function libvirtOf(sections: Sections): HostFacts["libvirt"] {
    const section = sections.get("virsh");
    if (!section || /No such container|is not running|Cannot connect to the Docker daemon/.test(section.text))
        return undefined;
    if (section.code === 126 || section.code === 127) return undefined;
    const error = linesOf(section.text).find((line) => line.startsWith("error:"));
    // neither virsh nor its time limit has ended so: Docker has
    if (section.code !== 0 && section.code !== 124 && error === undefined) return undefined;
    const said = error ?? linesOf(section.text).at(-1) ?? "";
    return { isUp: section.code === 0, said: said.trim() || "no answer" };
}

const settingsOf = (text: string | undefined): ReadonlyMap<string, string> | undefined =>
    text === undefined
        ? undefined
        : new Map(
              linesOf(text).flatMap((line) =>
                  /^(\w+)=(.+)$/.exec(line) ? [line.split(/=(.*)/s, 2) as [string, string]] : [],
              ),
          );

function apiAnswerOf(text: string | undefined): HostFacts["apiAnswer"] {
    const [, said = "", code] = /^([^]*?)code (\d+)\s*$/.exec(text ?? "") ?? [];
    // no curl, or Docker's own failure
    if (code === undefined || code === "127" || /No such container|is not running/.test(said)) return undefined;
    return { code: Number(code), said: said.trim() };
}
