import { IsardvdiError } from "../../errors";
import type { Enrolment, EnrolmentMaterial } from "../../isardvdi/enrolment";
import { shellQuote } from "../../remote/quote";
import type { Remote } from "../../remote/remote";
import type { World } from "../../world";

/** Exit codes that Docker's own commands do not use, and what each means. */
const obstacles: Record<number, { seen: string; advice: string }> = {
    41: { seen: "there is no docker command", advice: "Correct diagnostics.host, or install IsardVDI there" },
    42: {
        seen: "there is no isard-hypervisor container, or Docker does not run",
        advice: "Start it (docker compose up -d isard-hypervisor)",
    },
    43: { seen: "the isard-hypervisor container does not run", advice: "Start it (docker start isard-hypervisor)" },
    51: { seen: "the container could not store them", advice: "Look at the disk space and at docker logs there" },
};

const containerRuns = `
command -v docker >/dev/null || exit 41
running=$(docker inspect -f '{{.State.Running}}' isard-hypervisor 2>/dev/null) || exit 42
[ "$running" = true ] || exit 43
`;

/** Runs in the container; each line of its input is a kind, a name and base64. Reads back what it wrote. */
const store = `
umask 022
pki=/etc/pki/libvirt-spice
keys=/root/.ssh/authorized_keys
mkdir -p $pki /root/.ssh && chmod 700 /root/.ssh || exit 51
[ -f $keys ] || (umask 077; : >$keys) || exit 51
authorized() {
    while IFS= read -r line || [ -n "$line" ]; do [ "$line" = "$key" ] && return; done <$keys
    return 1
}
while read -r kind name data; do
    if [ $kind = key ]; then
        key=$(printf %s "$data" | base64 -d)
        authorized && continue
        [ -z "$(tail -c 1 $keys)" ] || echo >>$keys
        printf '%s\\n' "$key" >>$keys
        authorized || exit 51
    else
        printf %s "$data" | base64 -d >$pki/$name
        [ "$(base64 <$pki/$name | tr -d '\\n')" = "$data" ] || exit 51
    fi
done`;

const delivery = `${containerRuns}docker exec -i isard-hypervisor sh -c ${shellQuote(store)} >/dev/null 2>&1`;

/** Takes the engine's key and the viewer certificates into the host's container, as its own setup would. */
export async function deliver(enrolment: Enrolment, host: Remote, hyperId: string, world: World): Promise<void> {
    world.log.status(`taking the engine's key and the viewer certificates to ${host.name}`);
    await enrolment.handTo(async (material) => {
        const input = linesOf(material);
        if (input === undefined) throw nothingToDeliver(hyperId);
        await attempt(host, hyperId, world, delivery, input);
    });
}

/** Fails where a delivery would. */
export const requireContainer = (host: Remote, hyperId: string, world: World): Promise<void> =>
    attempt(host, hyperId, world, containerRuns);

async function attempt(host: Remote, hyperId: string, world: World, script: string, input?: string): Promise<void> {
    const failure = {
        action: "enrol",
        resource: `hypervisor "${hyperId}"`,
        property: "diagnostics",
    };
    const again =
        "Then run pulumi up again, which registers it and delivers them; without diagnostics.host nothing is delivered.";
    const what = `the engine's key and the viewer certificates cannot be taken to ${host.name}`;
    // the command's output is never shown: it could quote what it was given
    const { code } = await host.run(script, world, input).catch((error: unknown) => {
        if (!(error instanceof IsardvdiError) || world.signal.aborted) throw error;
        throw new IsardvdiError({
            ...failure,
            code: error.code,
            seen: `${what}: ${error.seen}`,
            advice: `${error.advice} ${again}`,
        });
    });
    if (code === 0) return;
    const { seen, advice } = obstacles[code] ?? {
        seen: `docker exec ended with ${code}`,
        advice: "Look at docker logs isard-hypervisor there",
    };
    throw new IsardvdiError({ ...failure, code: "not-ready", seen: `${what}: ${seen}`, advice: `${advice}. ${again}` });
}

function linesOf({ engineKey, certificates }: EnrolmentMaterial): string | undefined {
    if (engineKey === undefined) return undefined;
    const line = (kind: string, name: string, text: string): string =>
        `${kind} ${name} ${Buffer.from(text).toString("base64")}\n`;
    const files = Object.entries(certificates).filter(([, text]) => text !== "");
    return [line("key", "engine", engineKey), ...files.map(([name, text]) => line("file", name, text))].join("");
}

const nothingToDeliver = (hyperId: string): IsardvdiError =>
    new IsardvdiError({
        code: "certificates",
        action: "enrol",
        resource: `hypervisor "${hyperId}"`,
        seen: "the server's answer holds no SSH public key of its engine",
        advice: "Check that isard-engine has run on the server and made its keys, then run pulumi up again.",
    });
