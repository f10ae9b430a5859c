import type { IsardvdiError } from "../errors";
import type { Remote, RemoteCall } from "../remote/remote";
import { containerAt } from "./conflicts";

const script = `PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
docker ps -q | xargs -r docker inspect --format '{{.Name}}{{range .NetworkSettings.Networks}} {{.IPAddress}}{{end}}' --`;

/** Refusals for the sake of a published port name its container: one question, and only where there is such a refusal. */
export async function withContainers(
    refused: ReadonlyMap<string, IsardvdiError>,
    remote: Remote,
    call: RemoteCall,
): Promise<ReadonlyMap<string, IsardvdiError>> {
    if (![...refused.values()].some(({ seen }) => containerAt.test(seen))) return refused;
    const { stdout } = await remote.run(script, call);
    const names = new Map(
        stdout.split("\n").flatMap((line) => {
            const [name = "", ...addresses] = line.trim().split(/\s+/);
            return addresses.map((address) => [address, name.replace(/^\//, "")] as const);
        }),
    );
    const named = (text: string): string =>
        text.replace(containerAt, (whole, address: string) => {
            const name = names.get(address);
            return name === undefined ? whole : `the container ${name} at ${address}`;
        });
    return new Map([...refused].map(([tag, error]) => [tag, error.toldAs(named(error.seen))]));
}
