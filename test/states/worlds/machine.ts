import type { Direct, MachineHeld } from "../held";

/** Where traces can be; what a build counts and what a boot leaves is none. */
const roots =
    "/var/lib/pulumi-isardvdi /etc/firewalld /etc/systemd/system /usr/share/netfilter-persistent /opt/isard/src";
const passedOver =
    "-name builds -o -name .git -o -name '*.old' -o -path '/etc/firewalld/*.conf' -o -path '/etc/firewalld/lockdown*' -o " +
    "-path '/etc/systemd/system/*' ! -type d ! -name '*isardvdi*' -o -path '*/plugins.d/*' ! -name '*isardvdi*'";
const services = "isard-squid isard-websockify isard-sessions isard-hypervisor isard-storage isard-video";

/** firewalld's own tongue, for each firewall-cmd starts a Python of its own. */
const firewalldShow = `
import json
from firewall.client import FirewallClient
c = FirewallClient()
zones = sorted(str(z) for z in c.getZones())
rich = {z: sorted(str(r) for r in c.getRichRules(z)) for z in zones}
ports = {z: sorted([str(p) for p in f] for f in c.getForwardPorts(z)) for z in zones}
some = lambda d: {k: v for k, v in d.items() if v}
direct = sorted([str(a), str(b), str(d), int(e), [str(x) for x in f]] for a, b, d, e, f in c.getAllRules())
print(json.dumps({"rich": some(rich), "ports": some(ports), "direct": direct}))
`;

/** The files stand already; what is not permanent comes after the reload, which takes Docker's chains with it. */
const firewalldPut = (wanted: NonNullable<MachineHeld["firewalld"]>): string => `
import json, subprocess
from firewall.client import FirewallClient
c = FirewallClient()
c.reload()
wanted = json.loads(${JSON.stringify(JSON.stringify(wanted))})
for z, rules in wanted["rich"].items():
    for r in rules:
        if r not in [str(x) for x in c.getRichRules(z)]: c.addRichRule(z, r)
for z, ports in wanted["ports"].items():
    for p in ports:
        if p not in [[str(x) for x in f] for f in c.getForwardPorts(z)]: c.addForwardPort(z, *p)
for r in wanted["direct"]:
    subprocess.run(["iptables", "-w", "-t", r[1], "-N", r[2]], stderr=subprocess.DEVNULL)
has = [[str(a), str(b), str(d), int(e), [str(x) for x in f]] for a, b, d, e, f in c.getAllRules()]
for r in wanted["direct"]:
    if r not in has: c.addRule(*r)
`;

const python = (script: string): string =>
    `"$(sed -n '1s/^#! *\\([^ ]*\\).*/\\1/p' "$(command -v firewall-cmd)")" -I - <<'PYTHON'\n${script}PYTHON`;

/** Prints a machine in sections that begin with "==". */
export const lookScript = `
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
echo ==machine; cat /etc/machine-id
[ ! -e /opt/isard/src/.git ] || { echo ==commit; git -c safe.directory=/opt/isard/src -C /opt/isard/src rev-parse HEAD; }
echo ==ipforward; cat /proc/sys/net/ipv4/ip_forward
for v in nft legacy; do
    [ -x /usr/sbin/iptables-$v-save ] || continue
    for t in nat filter; do
        [ $v = nft ] || grep -qx $t /proc/net/ip_tables_names 2>/dev/null || continue
        echo "==rules iptables-$v"
        iptables-$v-save -t $t 2>/dev/null | sed -e '/^#/d' -e 's/ \\[[0-9]*:[0-9]*\\]$//'
    done
done
command -v firewall-cmd >/dev/null && roots="${roots}" || roots="${roots.replace("/etc/firewalld ", "")}"
find $roots \\( ${passedOver} \\) -prune -o \\( -type f -o -type l \\) -print 2>/dev/null | sort | while read -r f; do
    if [ -L "$f" ]; then echo "==link $f"; readlink "$f"; else echo "==file $(stat -c %a "$f") $f"; base64 -w0 "$f"; echo; fi
done
if command -v firewall-cmd >/dev/null && [ -S /run/dbus/system_bus_socket ]; then
    echo ==firewalld
    ${python(firewalldShow)}
fi
if command -v docker >/dev/null; then
    for s in ${services}; do
        env=$(docker inspect -f '{{json .Config.Env}}' $s 2>/dev/null) && echo "==container $s" && echo "$env"
    done
fi
true
`;

export function seenOn(printed: string): MachineHeld {
    const held: MachineHeld = { machineId: "", ipForward: "", rules: {}, files: {} };
    for (const section of printed.split(/^==/m).slice(1)) {
        const [head = "", ...lines] = section.trimEnd().split("\n");
        const [what, ...words] = head.split(" ");
        const [first = "", second = ""] = words;
        const line = lines[0] ?? "";
        if (what === "machine") held.machineId = line;
        if (what === "commit") held.commit = line;
        if (what === "ipforward") held.ipForward = line;
        if (what === "rules") held.rules[first] = [...(held.rules[first] ?? []), ...lines.filter(Boolean)];
        if (what === "link") held.files[first] = { link: line };
        if (what === "file")
            held.files[second] = { mode: first, lines: Buffer.from(line, "base64").toString("latin1").split("\n") };
        if (what === "firewalld") held.firewalld = JSON.parse(line) as NonNullable<MachineHeld["firewalld"]>;
        if (what === "container")
            held.containers = { ...held.containers, [first]: (JSON.parse(line) as string[]).sort() };
    }
    // one that no build of the machine has made is no trace of a cfg
    if (!("/opt/isard/src/docker-compose.yml" in held.files)) delete held.containers;
    return held;
}

/** Puts files, rules and run-time entries back, and starts again what reads them. */
export function putScript(held: MachineHeld, docker: "sandbox" | "real" = "real"): string {
    const { machineId, ipForward, rules, files, firewalld, containers } = held;
    const own = (path: string): boolean => !path.startsWith("/etc/firewalld") || firewalld !== undefined;
    const written = Object.entries(files).filter(([path]) => own(path));
    const put = written.map(([path, file]) => {
        const folder = `mkdir -p "${path.slice(0, path.lastIndexOf("/"))}"`;
        if ("link" in file) return `${folder}; ln -sfn "${file.link}" "${path}"`;
        const text = Buffer.from(file.lines.join("\n"), "latin1").toString("base64");
        return `${folder}; base64 -d >"${path}" <<'END'\n${text.replace(/.{76}/g, "$&\n")}\nEND\nchmod ${file.mode} "${path}"`;
    });
    const isOurs =
        "-path '*/firewalld/*' -o -name '*isardvdi*' -o -path '*/pulumi-isardvdi/*' -o -path '/opt/isard/src/*'";
    const lines = linesOf(files["/opt/isard/src/docker-compose.yml"]);
    // a container that no compose file of the machine has is there by itself
    const started = Object.keys(containers ?? {}).filter((name) => lines.includes(`  ${name}:`));
    const dotenv = linesOf(files["/opt/isard/src/.env"]);
    // a container of the sandbox may be older than the .env, and has what that said when it was made
    const isOlder = (name: string): boolean => containers?.[name]?.every((line) => dotenv.includes(line)) ?? false;
    const older = docker === "sandbox" ? started.filter(isOlder) : [];
    const others = started.filter((name) => !older.includes(name));
    const hasOurs = Object.keys(files).some((path) => path.startsWith("/var/lib/pulumi-isardvdi/"));
    return `set -e
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
umask 077
[ "$(cat /etc/machine-id)" = ${machineId} ] || { echo "another machine: $(cat /etc/machine-id)" >&2; exit 9; }
roots="/var/lib/pulumi-isardvdi /etc/systemd/system /usr/share/netfilter-persistent /opt/isard/src ${firewalld ? "/etc/firewalld" : ""}"
find $roots \\( ${passedOver} \\) -prune -o \\( -type f -o -type l \\) \\( ${isOurs} \\) -exec rm -f {} + 2>/dev/null || true
rm -rf /var/lib/pulumi-isardvdi /opt/isard/src/.pulumi-isardvdi
${put.join("\n")}
${hasOurs ? ": >/run/pulumi-isardvdi.alive; chmod 700 /var/lib/pulumi-isardvdi /var/lib/pulumi-isardvdi/firewall" : ""}
echo ${ipForward} >/proc/sys/net/ipv4/ip_forward
${firewalld ? python(firewalldPut(firewalld)) : ""}
${Object.entries(rules)
    .map(([tool, lines]) => `${tool}-restore <<'RULES'\n${lines.join("\n")}\nRULES`)
    .join("\n")}
${older.map((name) => madeWith(containers?.[name] ?? [], name)).join("\n")}
${others.length > 0 ? `cd /opt/isard/src && ${composeUp(others)}` : ""}
`;
}

const linesOf = (file: MachineHeld["files"][string] | undefined): string[] =>
    file && "lines" in file ? file.lines : [];

const composeUp = (names: readonly string[]): string => {
    const up = `up -d --no-deps ${names.join(" ")}`;
    return `{ docker compose ${up} || docker-compose ${up}; } >/dev/null 2>&1`;
};

const madeWith = (env: readonly string[], name: string): string => {
    const pairs = env.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
    const environment = Object.fromEntries(pairs.map(([key, value]) => [key, value.replaceAll("$", "$$$$")]));
    return `cat >/run/older.yml <<'YAML'
${JSON.stringify({ services: { [name]: { environment } } })}
YAML
docker compose -f /run/older.yml up -d --no-deps ${name} >/dev/null
rm /run/older.yml`;
};

export type { Direct };
