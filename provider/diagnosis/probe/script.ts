import { dockerNetworks } from "../../firewall/host/docker";
import { shellQuote } from "../../remote";
import { scratch } from "../../remote/scratch";

/** What a script asks a machine: a shell command by the name of its section. */
export type Questions = Readonly<Record<string, string>>;

/** Seconds that one command may take; all of them run at once. */
const commandSeconds = 5;
/** Characters of one answer that are kept. */
const answerSize = 200_000;

/** One POSIX sh script for all questions, each bounded in time and size; it changes nothing on the machine. */
export function scriptOf(questions: Questions): string {
    const asked = Object.entries(questions).map(([name, command]) => `ask ${name} ${shellQuote(command)}`);
    return `(
${scratch}
ask() {
    { timeout -k 1 ${commandSeconds} sh -c "$2" </dev/null 2>&1; echo $? >"$t/$1.code"; } | head -c ${answerSize} >"$t/$1" &
}
${asked.join("\n")}
wait
for n in ${Object.keys(questions).join(" ")}; do
    echo "==$n $(cat "$t/$n.code" 2>/dev/null || echo 124)"
    sed 's/^/ /' "$t/$n"
    echo
done
)`;
}

/** Lines of a log that are looked through, and lines that are kept of it. */
const log = { searched: 3000, kept: 6 };

/** The last lines of a container's log that fit; a log without any is an answer too. */
export const logOf = (container: string, filter: string): string =>
    `docker logs --tail ${log.searched} ${container} 2>&1 | ${filter} | tail -n ${log.kept}`;

/** Asked of both machines. */
export const common: Questions = {
    date: "date +%s",
    containers: "docker ps -a --format '{{.Names}} {{.Status}}'",
    networks: dockerNetworks,
    // both back ends, for Docker's chains may live in either
    nft: "iptables-nft-save 2>/dev/null || iptables-save",
    legacy: "! grep -qs . /proc/net/ip_tables_names || iptables-legacy-save",
    ipforward: "cat /proc/sys/net/ipv4/ip_forward",
    firewalld: "firewall-cmd --state >/dev/null 2>&1 && firewall-cmd --list-all-zones || true",
};
