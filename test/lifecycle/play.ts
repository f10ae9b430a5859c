import { strict as assert } from "node:assert";
import { ArgvWatch } from "./argv";
import { declared } from "./declared";
import type { Deployer } from "./deployer";
import { obeyed } from "./laws";
import { type ForeignAct, hosts, type Step, type Story } from "./story";
import { calm, strike } from "./troubles";
import { World } from "./world";

/** How a stack is run in a world. */
export type Start = (access: { config: Record<string, string> }) => Promise<Deployer>;

/** A step after which a law did not hold; the story up to it is what to play again. */
export class Broken extends Error {
    constructor(
        readonly story: Story,
        cause: Error,
    ) {
        super(`step ${story.steps.length}, ${JSON.stringify(story.steps.at(-1))}: ${cause.message}`, { cause });
        this.stack = cause.stack ?? "";
    }
}

export async function play(story: Story, start: Start, told: (line: string) => void): Promise<void> {
    const world = await World.start(story.generation);
    const before = await leftovers(world);
    const deployer = await start({ config: world.config() });
    const argv = new ArgvWatch(world.secrets());
    let done = 0;
    try {
        for (const step of story.steps) {
            done += 1;
            const began = Date.now();
            await act(step, story.applies, world, deployer);
            assert.deepEqual(argv.found, [], "no secret in a command line");
            told(
                `${done}. ${step.operation} ${step.trouble ? JSON.stringify(step.trouble) : "undisturbed"}: ${Date.now() - began} ms`,
            );
        }
        assert.deepEqual(await deployer.destroy(), [], "a destroy goes through");
        await asBefore(world, before);
    } catch (error) {
        throw new Broken({ ...story, steps: story.steps.slice(0, done) }, error as Error);
    } finally {
        argv.stop();
        await deployer.stop();
        await world.stop();
    }
}

async function act(
    { operation, wish, trouble }: Step,
    applies: boolean,
    world: World,
    deployer: Deployer,
): Promise<void> {
    const program = declared(wish, applies);
    const foreign = await world.foreign();
    const struck = trouble && strike(trouble, world, deployer);
    const run = {
        up: () => deployer.up(program),
        refresh: () => deployer.refresh(),
        destroy: () => deployer.destroy(),
    };
    const errors = await run[operation]();
    await struck;
    calm(world);
    if (endsRun(errors, trouble)) await deployer.anew();
    if (!trouble) assert.deepEqual(errors, [], "nothing disturbed it");
    await obeyed(world, deployer, wish, program);
    const now = await world.foreign();
    assert.equal(withoutAdded(now), withoutAdded(foreign), "nothing of anyone else's has changed");
    if (trouble?.kind !== "foreign") assert.equal(now, foreign, "nothing of anyone else's was added");
    const added = trouble?.kind === "foreign" ? leaves[trouble.act] : undefined;
    if (added !== undefined) assert.match(now, added, "what somebody else has added meanwhile is still there");
}

/**
 * A run is a process of its own, which costs more than all else in a step: what a failure or a kill left must be in the
 * state, and what others changed is not in the lists of a new run. After anything else, the next run may be the same one.
 */
const endsRun = (errors: string[], trouble: Step["trouble"]): boolean =>
    errors.length > 0 || trouble?.kind === "killed" || trouble?.kind === "foreign";

/** What the acts of others add beside what is ours. */
const leaves: Partial<Record<ForeignAct, RegExp>> = { forwards: /--dport 30000 /, "adds-a-line": /THEIR_OTHER/ };

const withoutAdded = (text: string): string =>
    text
        .split("\n")
        .filter((line) => !Object.values(leaves).some((added) => added.test(line)))
        .join("\n");

/** Whatever is called after us outside of our own folders, and all that lies where scripts have theirs, once those have ended. */
const strays = `for i in $(seq 150); do ls -d /tmp/pulumi-isardvdi.* >/dev/null 2>&1 || break; sleep 0.2; done
    find /tmp /var/tmp -mindepth 1 | sort
    find / /run -xdev -name '*pulumi-isardvdi*' ! -path '/var/lib/pulumi-isardvdi*' ! -path '/opt/isard/src/.pulumi-isardvdi' \
        ! -path /run/pulumi-isardvdi.lock ! -path /run/pulumi-isardvdi.alive ! -path '*/pulumi-isardvdi-firewall.service' \
        ! -path '*/90-pulumi-isardvdi' 2>/dev/null | sort`;

/** Every host's rules and files, the server's folder and the table. */
async function leftovers(world: World): Promise<string[]> {
    const traces = await Promise.all(hosts.map((host) => world.operator.traces(host)));
    const rows = world.sandbox.hypervisors.all().map(({ id }) => String(id));
    return [
        ...traces,
        ...(await Promise.all([...hosts, "server"].map((host) => world.operator.on(host, strays)))),
        rows.join(),
        await world.operator.on("server", "cd /opt/isard/src; ls -A; find .pulumi-isardvdi 2>/dev/null | sort"),
    ];
}

async function asBefore(world: World, before: string[]): Promise<void> {
    assert.deepEqual((await leftovers(world)).map(withoutAdded), before, "destroy leaves all as it was");
}
