import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { secretsProvider } from "../e2e/harness/settings";
import { Stack } from "../e2e/harness/stack";
import { usesPlugins } from "../hypervisor-host/plugin/stand-in";
import type { Held } from "./held";
import { writeProgram } from "./programs";
import { setConfig } from "./recorder";
import type { Export, Recording } from "./recording";
import { recorded, revived } from "./volatile";
import type { World } from "./worlds";

/** What is promised of a recorded state, by Pulumi itself: the stack is imported, and the program is that of then. */
export async function holdsOverCli(recording: Recording, world: World): Promise<void> {
    world.still(true);
    await world.restore(revived(recording.held, world.live) as Held);
    const own = revived(recording, world.live) as Recording;
    const stack = await Stack.create({});
    try {
        if (own.case.world.kind === "host") usesPlugins(stack.project);
        await setConfig(stack, { ...world.config, ...own.case.config });
        await imported(stack, own.stack);
        writeProgram(stack, own.case.program);
        await stack.ok("preview", "--expect-no-changes");
        await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
        await stack.deploy("--expect-no-changes");
        assert.deepEqual(await exported(stack, world), comparable(recording.stack), "the state");
        assert.deepEqual(await world.snapshot(), recording.held, "the world");

        const shown = new RegExp(own.case.changed.shows);
        assert.doesNotMatch(JSON.stringify(recording.held), shown);
        writeProgram(stack, own.case.changed.program);
        const { events } = await stack.deploy();
        const { update = 0, same = 0, ...others } = events.changes();
        assert.ok(update > 0 && same > 0, JSON.stringify(events.changes()));
        assert.deepEqual(others, {}, "nothing but updates");
        assert.match(JSON.stringify(await world.snapshot()), shown);

        world.still(false);
        await stack.ok("destroy", "--yes", "--skip-preview");
        assert.deepEqual(await world.snapshot(), recording.after, "the world afterwards");
    } finally {
        stack.remove();
    }
}

/** The secrets stand there in clear, so that the stack's own passphrase may take them over. */
export async function imported(stack: Stack, { version, deployment }: Export): Promise<void> {
    const secrets_providers = secretsProvider(stack.project);
    const file = join(stack.folder, "recorded.json");
    writeFileSync(file, JSON.stringify({ version, deployment: { ...deployment, secrets_providers } }));
    await stack.ok("stack", "import", "--file", file);
}

async function exported(stack: Stack, world: World): Promise<object[]> {
    const { stdout } = await stack.ok("stack", "export", "--show-secrets");
    return comparable(recorded(JSON.parse(stdout), world.live) as Export);
}

/** A refresh leaves out which property depends on what, and the next up puts it in again, in an order of its own. */
const comparable = ({ deployment }: Export): object[] =>
    deployment.resources
        .map((each) => ({ ...each, propertyDependencies: undefined }))
        .sort((a, b) => (a.urn < b.urn ? -1 : 1));
