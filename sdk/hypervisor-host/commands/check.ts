import { shellQuote } from "../../../provider/remote/quote";
import type { HostPlan } from "../plan";
import type { HostCommand } from "./command";

/** Looks whether a machine can become a hypervisor, and changes nothing; all that is wrong is told at once. */
export function check(plan: HostPlan): HostCommand {
    const parts = [
        begin,
        system,
        docker,
        ...(plan.isHypervisor ? [kvm] : []),
        ...plan.ports.map(freePort),
        mtu(plan),
        ...plan.shared.map((folder) => mounted(`${plan.storagePath}/${folder}`)),
        ...(plan.trunkInterface === undefined ? [] : [trunk(plan.trunkInterface)]),
        end,
    ];
    return { create: parts.join("\n") };
}

const begin = `failed=
bad() { failed=yes; echo "Unable to make this machine a hypervisor host: $1" >&2; }`;

const end = `[ -z "$failed" ]`;

const system = `. /etc/os-release 2>/dev/null || :
case " \${ID-} \${ID_LIKE-} " in
    *" debian "*) ;;
    *) bad "it runs \${PRETTY_NAME-an unknown system}. Install Debian." ;;
esac
command -v git >/dev/null || bad "there is no git. Run apt-get install git."`;

const docker = `docker info >/dev/null 2>&1 || bad "Docker does not answer. Install the Docker engine and start it."
version=$(docker compose version --short 2>/dev/null || docker-compose version --short 2>/dev/null || echo 0)
version=\${version#v}; minor=\${version#*.}; minor=\${minor%%.*}
case $version in
    0*|1.*) [ "\${version%%.*}" = 1 ] && [ "$minor" -ge 28 ] ||
        bad "docker compose is missing or older than 1.28. Install docker-compose-plugin." ;;
esac`;

const kvm = `if ! grep -Eqw 'vmx|svm' /proc/cpuinfo; then
    bad "its processor shows no virtualisation. Turn on VT-x or AMD-V in the BIOS, or leave capabilities.hypervisor false."
elif [ ! -e /dev/kvm ]; then bad "there is no /dev/kvm. Load the kernel module kvm_intel or kvm_amd."; fi`;

/** Taken by IsardVDI itself it is free. */
const freePort = (port: number): string => `if ss -Hltn 'sport = :${port}' 2>/dev/null | grep -q . &&
    ! docker ps --filter publish=${port} --format '{{.Names}}' 2>/dev/null | grep -q '^isard-'; then
    bad "port ${port}/tcp is taken. Stop what listens there (ss -ltnp), or choose another port."
fi`;

const mtu = ({
    mtu,
}: HostPlan): string => `link=$(ip -o route show default | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1)
if [ -n "$link" ]; then
    has=$(cat "/sys/class/net/$link/mtu" 2>/dev/null || echo 0)
    [ "$has" -ge ${mtu} ] || bad "$link has an MTU of $has, less than ${mtu}. Raise it, or set tunnels.mtu."
    speed=$(cat "/sys/class/net/$link/speed" 2>/dev/null || echo -1)
    if [ "$speed" -gt 0 ] && [ "$speed" -lt 10000 ]; then
        echo "warning: $link runs at $speed Mbit/s; storage over the network wants 10 Gbit/s or more"
    fi
fi`;

const mounted = (path: string): string => `target=$(findmnt -n -o TARGET -T ${shellQuote(path)} 2>/dev/null || echo /)
if [ ! -d ${shellQuote(path)} ] || [ "$target" = / ]; then
    bad ${shellQuote(`${path} is no mounted folder, and the disks of the site are to be in it. Mount the shared storage, or leave it out of storage.shared.`)}
fi`;

/** isard-hypervisor takes the interface into its own namespace, under the same name. */
const trunk = (name: string): string => `[ -e /sys/class/net/${name} ] ||
    tr -d ' ' 2>/dev/null <"/proc/$(docker inspect -f '{{.State.Pid}}' isard-hypervisor 2>/dev/null)/net/dev" |
        grep -q '^${name.replaceAll(".", "\\.")}:' ||
    bad "there is no interface ${name}. Correct vlans.trunkInterface."`;
