import { RpcError, type Values } from "../contract/harness/rpc";
import { type Provider, startProvider } from "../contract/harness/provider";
import { type Declared, sent } from "./declared";
import type { Deployer } from "./deployer";

interface Kept {
    resource: Declared;
    id: string;
    inputs: Values;
    state: Values;
    /** Made, but not as it should be: the next up has to act on it whatever the diff says. */
    failed: boolean;
}

/** What Pulumi's engine does with one stack, over the provider's own wire. */
export class Deployment implements Deployer {
    private readonly kept = new Map<string, Kept>();
    private readonly said: string[] = [];
    private errors: string[] = [];

    private constructor(
        private readonly config: Record<string, string>,
        private provider: Provider,
    ) {}

    static async start(config: Record<string, string>): Promise<Deployment> {
        const own = Object.fromEntries(Object.entries(config).map(([key, value]) => [`isardvdi:${key}`, value]));
        return new Deployment(own, await startProvider(own));
    }

    async up(program: readonly Declared[]): Promise<string[]> {
        this.errors = [];
        const done = new Map<string, Promise<boolean>>();
        // a program declares what another needs before it
        for (const resource of program) {
            const first = resource.after.map((name) => done.get(name) ?? Promise.resolve(true));
            done.set(
                resource.name,
                Promise.all(first).then(
                    async (all) => all.every(Boolean) && (await this.tried(() => this.put(resource))),
                ),
            );
        }
        await Promise.all(done.values());
        if (this.errors.length === 0) await this.leaveOnly(new Set(program.map(({ name }) => name)));
        return this.errors;
    }

    async refresh(): Promise<string[]> {
        this.errors = [];
        await Promise.all([...this.kept.values()].map((each) => this.tried(() => this.read(each))));
        return this.errors;
    }

    async destroy(): Promise<string[]> {
        this.errors = [];
        await this.leaveOnly(new Set());
        return this.errors;
    }

    async settle(program: readonly Declared[]): Promise<string[]> {
        const unread = await this.refresh();
        return [...unread, ...(await this.up(program))];
    }

    async differing(program: readonly Declared[]): Promise<string[]> {
        await this.refresh();
        const names = new Set(program.map(({ name }) => name));
        const left = [...this.kept.keys()].filter((name) => !names.has(name));
        const changed = await Promise.all(
            program.map(async (resource) => {
                const kept = this.kept.get(resource.name);
                if (!kept || kept.failed) return [resource.name];
                const { inputs } = await this.provider.check(kept.inputs, sent(resource));
                const { changes } = await this.provider.diff(kept.id, kept.state, inputs);
                return changes ? [`${resource.name}: ${JSON.stringify(kept.state)}`] : [];
            }),
        );
        return [...this.errors, ...left, ...changed.flat()];
    }

    /** The process is gone, as is what it was told last. */
    async kill(): Promise<void> {
        const { provider } = this;
        this.keepWords();
        provider.kill("SIGKILL");
        await provider.exited;
    }

    /** Begins the next run of the CLI. */
    async anew(): Promise<void> {
        this.keepWords();
        await this.provider.stop();
        this.provider = await startProvider(this.config);
    }

    clearText(): Promise<string> {
        const states = [...this.kept.values()].map(
            ({ state: { connection: _way, settings: _keys, ...clear } }) => clear,
        );
        this.keepWords();
        return Promise.resolve([JSON.stringify(states), ...this.said, ...this.errors].join("\n"));
    }

    async stop(): Promise<void> {
        await this.provider.stop();
    }

    private keepWords(): void {
        this.said.push(...this.provider.lines.splice(0).map(({ message }) => message), this.provider.output.stderr);
        this.provider.output.stderr = "";
    }

    private async tried(action: () => Promise<void>): Promise<boolean> {
        try {
            await action();
            return true;
        } catch (error) {
            this.errors.push((error as Error).message);
            return false;
        }
    }

    private async put(resource: Declared): Promise<void> {
        const kept = this.kept.get(resource.name);
        const { inputs, failures } = await this.provider.check(kept?.inputs ?? {}, sent(resource));
        if (failures.length > 0) throw new Error(JSON.stringify(failures));
        if (!kept) return await this.create(resource, inputs);
        const { changes, replaces } = await this.provider.diff(kept.id, kept.state, inputs);
        if (replaces.length > 0) {
            await this.remove(kept);
            return await this.create(resource, inputs);
        }
        if (!changes && !kept.failed) return;
        await this.storing(resource, inputs, async () => ({
            id: kept.id,
            state: await this.provider.update(kept.id, kept.state, inputs),
        }));
    }

    private create(resource: Declared, inputs: Values): Promise<void> {
        return this.storing(resource, inputs, () => this.provider.create(inputs));
    }

    private async storing(
        resource: Declared,
        inputs: Values,
        made: () => Promise<{ id: string; state: Values }>,
    ): Promise<void> {
        try {
            this.kept.set(resource.name, { resource, inputs, failed: false, ...(await made()) });
        } catch (error) {
            if (error instanceof RpcError && error.initError) {
                const { id, properties } = error.initError;
                this.kept.set(resource.name, { resource, inputs, failed: true, id, state: properties });
            }
            throw error;
        }
    }

    private async read(kept: Kept): Promise<void> {
        const { id, state } = await this.provider.read(kept.id, kept.state);
        if (id === "") this.kept.delete(kept.resource.name);
        else kept.state = state;
    }

    private async remove(kept: Kept): Promise<void> {
        await this.provider.delete(kept.id, kept.state);
        this.kept.delete(kept.resource.name);
    }

    /** Those that others need go last. */
    private async leaveOnly(names: ReadonlySet<string>): Promise<void> {
        const gone = [...this.kept.values()].filter(({ resource }) => !names.has(resource.name));
        const isDependent = ({ resource }: Kept): boolean => resource.after.length > 0;
        for (const group of [gone.filter(isDependent), gone.filter((each) => !isDependent(each))]) {
            const done = await Promise.all(group.map((each) => this.tried(() => this.remove(each))));
            if (!done.every(Boolean)) return;
        }
    }
}
