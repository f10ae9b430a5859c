import { strict as assert } from "node:assert";
import { Stack } from "../e2e/harness/stack";
import { usesPlugins } from "../hypervisor-host/plugin/stand-in";
import { needsLab } from "../lab/skip";
import type { Held } from "./held";
import { registeredBy, writeProgram } from "./programs";
import { setConfig } from "./recorder";
import { type Export, type Exported, readRecording, recordedReleases, type Recording } from "./recording";
import { holdsOverCli, imported } from "./replay-cli";
import { opened } from "./secrets";
import { revived } from "./volatile";
import { startWorld, type World } from "./worlds";

const commandType = "command:remote:Command";
const texts = ["create", "update", "delete", "addPreviousOutputInEnv"] as const;
type Texts = Partial<Record<(typeof texts)[number], string | boolean>>;

/**
 * A host's texts are inputs of @pulumi/command, so that another text is an update. As long as a release has those of
 * the recording, nothing may change; one with others has to bring a recorded host over without ending a desktop.
 */
for (const release of recordedReleases())
    describe(`the recorded hypervisor host of ${release}`, function () {
        this.timeout(600_000);
        const recording = readRecording(release, "hypervisor-host");
        let world: World | undefined;
        let isSame: boolean;
        let stack: Stack | undefined;
        before(needsLab);
        before(async () => {
            world = await startWorld(recording.case.world);
            isSame = await hasTextsOf(recording, world);
        });
        after(async () => {
            stack?.remove();
            await world?.stop();
        });
        const there = (): World => world ?? assert.fail("the world has not been started");

        const running = (): Promise<string> =>
            there().run("h1", "docker ps --no-trunc --format '{{.Names}} {{.ID}}' | sort");

        it("has nothing to do with the same texts, takes one change, and goes", async function () {
            if (!isSame) return this.skip();
            await holdsOverCli(recording, there());
        });

        it("is brought over to other texts with a build pending, and no container is another one afterwards", async () => {
            const own = await restored(recording, there());
            // a build is pending: with another value that they do not read, these were made before the last one
            const later = "isard-hypervisor isard-storage isard-video";
            const set = (ports: string): string =>
                `sed -i s/^VIDEO_HYPERVISOR_PORTS=.*/VIDEO_HYPERVISOR_PORTS=${ports}/ isardvdi.cfg; ./build.sh >/dev/null`;
            const pending = `set -e; cd /opt/isard/src; ${set("5900-6000")}
                compose() { docker compose "$@" || docker-compose "$@"; }
                compose up -d --no-deps ${later} >/dev/null 2>&1; ${set("5900-7899")}
                # those that the restored world has started come up by themselves
                names="--format {{.Names}}"
                until [ "$(docker ps $names | wc -l)" = "$(docker ps -a $names | wc -l)" ]; do sleep 0.1; done`;
            await there().run("h1", pending);
            const before = await running();
            const held = await there().snapshot();
            stack = await Stack.create({});
            usesPlugins(stack.project);
            await setConfig(stack, { ...there().config, ...own.case.config });
            await imported(stack, isSame ? withOtherTexts(own.stack) : own.stack);
            writeProgram(stack, own.case.program);
            onlyUpdates(await stack.deploy());
            assert.equal(await running(), before);
            assert.match(before, /^isard-hypervisor /m);
            const after = withoutMemory(await there().snapshot());
            assert.deepEqual(after, held);
            assert.deepEqual(after.machines["h1"]?.files, recording.held.machines["h1"]?.files);
            await stack.deploy("--expect-no-changes");
        });

        it("takes one change then, and goes", async () => {
            const made = stack ?? assert.fail("nothing has been brought over");
            const { program, shows } = recording.case.changed;
            const cfg = (): Promise<string> => there().run("h1", "cat /opt/isard/src/isardvdi.cfg");
            const [before, then] = [await running(), await cfg()];
            assert.doesNotMatch(then, new RegExp(shows));
            writeProgram(made, program);
            onlyUpdates(await made.deploy());
            assert.match(await cfg(), new RegExp(shows));
            const readers = /^isard-(squid|websockify) .*\n/gm;
            const after = await running();
            assert.equal(after.replace(readers, ""), before.replace(readers, ""));
            assert.notEqual(after, before);
            await made.deploy("--expect-no-changes");
            await made.destroy();
            assert.deepEqual(await there().snapshot(), recording.after, "the world afterwards");
        });
    });

function onlyUpdates({ events }: Awaited<ReturnType<Stack["deploy"]>>): void {
    const { update = 0, same = 0, ...others } = events.changes();
    assert.ok(update > 0 && same > 0, JSON.stringify(events.changes()));
    assert.deepEqual(others, {}, "nothing but updates");
}

/** What later releases remember of the services, and what cleans what a build says: all that is new on the host. */
const ownOnly = /\/\.pulumi-isardvdi\/(runs-with\/|quiet$)/;

function withoutMemory(held: Held): Held {
    const machines = Object.entries(held.machines).map(([name, machine]) => {
        const files = Object.entries(machine.files).filter(([path]) => !ownOnly.test(path));
        return [name, { ...machine, files: Object.fromEntries(files) }];
    });
    return { ...held, machines: Object.fromEntries(machines) as Held["machines"] };
}

async function restored(recording: Recording, world: World): Promise<Recording> {
    await world.restore(revived(recording.held, world.live) as Held);
    return revived(recording, world.live) as Recording;
}

/** Whether the classes of today would run just what was recorded. */
async function hasTextsOf({ case: own, stack }: Recording, world: World): Promise<boolean> {
    const resources = stack.deployment.resources.map((each) => opened(each) as Exported);
    const recorded = resources.filter(({ type }) => type === commandType);
    const outputsOf = (type: string, name: string): Record<string, unknown> | undefined =>
        recorded.find((each) => each.type === type && each.urn.endsWith(`::${name}`))?.outputs;
    const program = { stack: own.stack, config: { ...world.config, ...own.config } };
    const registered = (await registeredBy(own.program, program, outputsOf)).filter(({ type }) => type === commandType);
    assert.equal(registered.length, recorded.length, "as many commands");
    return registered.every(({ name, inputs }) => {
        const then = recorded.find(({ urn }) => urn.endsWith(`::${name}`))?.inputs as Texts | undefined;
        return texts.every((each) => (inputs as Texts)[each] === then?.[each]);
    });
}

/** As if another release had made the stack. */
function withOtherTexts({ version, deployment }: Export): Export {
    const other = (values: Record<string, unknown> = {}): Record<string, unknown> =>
        Object.fromEntries(
            Object.entries(values).map(([key, value]) => [
                key,
                texts.some((each) => each === key) && typeof value === "string"
                    ? `${value}\n# of another release`
                    : value,
            ]),
        );
    const resources = deployment.resources.map((each) =>
        each.type === commandType ? { ...each, inputs: other(each.inputs), outputs: other(each.outputs) } : each,
    );
    return { version, deployment: { ...deployment, resources } };
}
