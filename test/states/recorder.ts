import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Stack } from "../e2e/harness/stack";
import { usesPlugins } from "../hypervisor-host/plugin/stand-in";
import { writeProgram } from "./programs";
import type { Case, Export, Recording } from "./recording";
import type { Recipe } from "./recipe";
import { settled } from "./recipes/hypervisor";
import { recorded, revived } from "./volatile";
import { startWorld, type World } from "./worlds";

/** Plays a recipe with the real CLI, and keeps what the stack and its world hold. */
export async function recordingOf(recipe: Recipe): Promise<Recording> {
    const world = await startWorld(recipe.world);
    const stack = await Stack.create({}, { NODE_OPTIONS: `--require=${join(__dirname, "in-order.js")}` });
    try {
        return await play(recipe, world, stack);
    } finally {
        stack.remove();
        await world.stop();
    }
}

async function play(recipe: Recipe, world: World, stack: Stack): Promise<Recording> {
    const { name, prepare, first, meanwhile, leaves, ...kept } = recipe;
    const own = revived(kept, world.live) as Case;
    if (recipe.world.kind === "host") usesPlugins(stack.project);
    await setConfig(stack, { ...world.config, ...own.config });
    await prepare?.(world);
    const before = await world.snapshot();
    for (const program of first ? [first, own.program] : [own.program]) {
        writeProgram(stack, program);
        // one after the other, so that the order in the state is always the same
        const { finished } = stack.startUp("--parallel", "1");
        await meanwhile?.(world);
        const { code, output } = await finished;
        if ((code === 0) === own.isUnfinished) throw new Error(`${name}:\n${output}`);
    }
    if (!own.isUnfinished) await settled(world);
    world.still(true);
    // the site has written to its rows since; a refresh would take the mark of a failure away
    if (recipe.world.kind === "sites" && !own.isUnfinished) await stack.ok("refresh", "--yes", "--skip-preview");
    const { stdout } = await stack.ok("stack", "export", "--show-secrets");
    const held = await world.snapshot();
    const exported = recorded(JSON.parse(stdout), world.live) as Export;
    world.still(false);
    await stack.ok("destroy", "--yes", "--skip-preview");
    const after = await world.snapshot();
    if (!leaves && !isDeepStrictEqual(after, before))
        throw new Error(
            `${name}: destroy leaves ${JSON.stringify(after)}, and before there was ${JSON.stringify(before)}`,
        );
    return { name, case: kept, stack: exported, before, held, after };
}

/** Whatever can hold a key is a secret. */
export async function setConfig(stack: Stack, config: Record<string, string>): Promise<void> {
    const flags = Object.entries(config).map(([key, value]) => [
        /secret$|connections|sites/i.test(key) ? "--secret" : "--plaintext",
        `${key}=${value}`,
    ]);
    if (flags.length > 0) await stack.ok("config", "set-all", ...flags.flat());
}
