import { strict as assert } from "node:assert";
import type { Provider } from "../contract/harness/provider";
import type { RpcError, Values } from "../contract/harness/rpc";
import { registeredBy } from "./programs";
import type { Case, Exported, Program, Recording } from "./recording";
import { opened } from "./secrets";
import { revived } from "./volatile";
import type { World } from "./worlds";

interface Kept {
    urn: string;
    name: string;
    type: string;
    id: string;
    inputs: Values;
    state: Values;
}

/** A recorded stack in a world that holds what was recorded, and what Pulumi's engine does with it over the wire. */
export class Replay {
    private constructor(
        private readonly recording: Recording,
        private readonly own: Case,
        private readonly world: World,
        private readonly provider: Provider,
        private readonly kept: Kept[],
        private readonly all: Exported[],
    ) {}

    static async start(
        recorded: Recording,
        world: World,
        providerWith: (config: Record<string, string>) => Promise<Provider>,
    ): Promise<Replay> {
        // as the engine does between two runs, the services of the site stand still while the state is looked at
        world.still(true);
        const recording = revived(recorded, world.live) as Recording;
        await world.restore(recording.held);
        const provider = await providerWith(configOf(recording.case, world));
        const all = recording.stack.deployment.resources.map((each) => opened(each) as Exported);
        const ours = all.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/isardvdi:"));
        const kept = ours.map(({ urn, type, id = "", inputs = {}, outputs = {} }): Kept => ({
            urn,
            type,
            name: urn.split("::").at(-1) ?? "",
            id,
            inputs,
            state: outputs,
        }));
        return new Replay(recorded, recording.case, world, provider, kept, all);
    }

    /** The program of then, with the classes of now: no input is another one, and nothing is to be done. */
    async previewsNothing(): Promise<void> {
        const registered = await this.registered(this.own.program);
        assert.deepEqual(
            registered.map(({ name }) => name).sort(),
            this.kept.map(({ name }) => name).sort(),
            "the same resources",
        );
        for (const kept of this.kept) {
            const { inputs, failures } = await this.checked(kept, registered);
            assert.deepEqual(failures, [], kept.name);
            assert.deepEqual(inputs, kept.inputs, `the inputs of ${kept.name}`);
            const { changes } = await this.provider.diff(kept.id, kept.state, inputs);
            // of a failed one the engine makes an update, whatever the diff says
            if (!this.own.isUnfinished) assert.equal(changes, false, `an update of ${kept.name}`);
        }
    }

    async refreshesToNothing(): Promise<void> {
        for (const { name, id, state } of this.kept)
            assert.deepEqual(await this.provider.read(id, state), { id, state }, `what is read of ${name}`);
        assert.deepEqual(await this.world.snapshot(), this.recording.held, "the world");
    }

    /** A create that had failed half-way is gone on with by one update. */
    async finishes(): Promise<void> {
        this.world.still(false);
        for (const sandbox of Object.values(this.world.sandboxes))
            for (const { hostname, port } of sandbox.hypervisors.all())
                await sandbox.engine.learnHostKey(String(hostname), String(port));
        for (const kept of this.kept) {
            kept.state = await this.provider.update(kept.id, kept.state, kept.inputs);
            const { changes } = await this.provider.diff(kept.id, kept.state, kept.inputs);
            assert.equal(changes, false, `an update of ${kept.name} after the one that finished it`);
            assert.equal(kept.state["status"], "Online");
        }
    }

    async changesOneProperty(): Promise<void> {
        const { program, shows } = this.own.changed;
        const registered = await this.registered(program);
        const shown = new RegExp(shows);
        assert.doesNotMatch(JSON.stringify(await this.world.snapshot()), shown);
        let changed = 0;
        for (const kept of this.kept) {
            const { inputs, failures } = await this.checked(kept, registered);
            assert.deepEqual(failures, [], kept.name);
            const { changes, replaces } = await this.provider.diff(kept.id, kept.state, inputs);
            assert.deepEqual(replaces, [], kept.name);
            if (!changes) continue;
            changed += 1;
            const state = await this.provider.update(kept.id, kept.state, inputs);
            Object.assign(kept, { state, inputs });
            assert.equal((await this.provider.diff(kept.id, state, inputs)).changes, false, `${kept.name} afterwards`);
        }
        assert.ok(changed > 0, "something is changed");
        assert.match(JSON.stringify(await this.world.snapshot()), shown);
    }

    async destroys(): Promise<void> {
        this.world.still(false);
        for (const { name, id, state } of [...this.kept].reverse())
            await this.provider.delete(id, state).catch((error: RpcError) => assert.fail(`${name}: ${error.message}`));
        assert.deepEqual(await this.world.snapshot(), this.recording.after, "the world");
    }

    private async registered(program: Program): Promise<{ name: string; type: string; inputs: Values }[]> {
        const config = configOf(this.own, this.world);
        const outputsOf = (type: string, name: string): Values | undefined =>
            this.all.find((each) => each.type === type && each.urn.endsWith(`::${name}`))?.outputs;
        const all = await registeredBy(program, { stack: this.own.stack, config }, outputsOf);
        return all
            .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/isardvdi:"))
            .map((each) => ({ ...each, inputs: opened(each.inputs) as Values }));
    }

    private async checked(kept: Kept, registered: { name: string; inputs: Values }[]) {
        const { inputs } = registered.find(({ name }) => name === kept.name) ?? assert.fail(`no ${kept.name}`);
        return await this.provider.check(kept.inputs, inputs);
    }
}

const configOf = (own: Case, world: World): Record<string, string> => ({ ...world.config, ...own.config });
