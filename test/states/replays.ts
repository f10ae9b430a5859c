import { type Provider, startProvider } from "../contract/harness/provider";
import { needsLab } from "../lab/skip";
import { readRecording, recordedCases, recordedReleases, type Recording } from "./recording";
import { Replay } from "./replay";
import { holdsOverCli } from "./replay-cli";
import { startWorld, type World, type WorldSpec } from "./worlds";

/** By Pulumi itself: the quickstart has three kinds of resources; all others go over the provider's own wire. */
const overCli = new Set(["example-quickstart", "server-config"]);

/** Every recorded case that is meant, of each release; one world serves all that are alike. */
export function replays(title: string, isMeant: (recording: Recording) => boolean): void {
    const all = recordedReleases().flatMap((release) =>
        recordedCases(release)
            .map((name) => ({ release, recording: readRecording(release, name) }))
            .filter(({ recording }) => isMeant(recording)),
    );
    const specOf = ({ recording }: { recording: Recording }): string => JSON.stringify(recording.case.world);
    for (const spec of new Set(all.map(specOf)))
        describe(`${title}, ${spec.replace(/[{}"]/g, "")}`, function () {
            this.timeout(300_000);
            const wanted = JSON.parse(spec) as WorldSpec;
            let world: World | undefined;
            if (wanted.kind !== "sites" || wanted.machines) before(needsLab);
            before(async () => {
                world = await startWorld(wanted);
            });
            const providers = new Map<string, Promise<Provider>>();
            const providerWith = (config: Record<string, string>): Promise<Provider> => {
                const key = JSON.stringify(config);
                const provider = providers.get(key) ?? startProvider(config);
                providers.set(key, provider);
                return provider;
            };
            after(async () => {
                for (const provider of providers.values()) await (await provider).stop();
                await world?.stop();
            });
            for (const { release, recording } of all.filter((each) => specOf(each) === spec))
                it(`${release} ${recording.name}`, async () => {
                    if (!world) throw new Error("the world has not been started");
                    if (overCli.has(recording.name)) await holdsOverCli(recording, world);
                    else await holds(await Replay.start(recording, world, providerWith), recording.case.isUnfinished);
                });
        });
}

/** What is promised of a recorded state, whatever the release that finds it. */
async function holds(replay: Replay, isUnfinished: boolean): Promise<void> {
    await replay.previewsNothing();
    await replay.refreshesToNothing();
    await replay.previewsNothing();
    if (isUnfinished) await replay.finishes();
    await replay.changesOneProperty();
    await replay.destroys();
}
