import { changes } from "../../provider/property/changes";
import type { ConnectionArgs } from "../../provider/connection";
import type { Context, Resource, Values } from "../../provider/resource";
import { PartialFailure } from "../../provider/resource";
import { systemClock } from "../../provider/world";
import { testWorld } from "../world/world";
import type { Checkout } from "./checkout";

/** One resource as a program with a state would drive it, on servers that are checkouts. */
export class Program {
    readonly world = testWorld(systemClock);
    id: string | undefined;
    state: Values | undefined;

    constructor(
        readonly resource: Resource,
        readonly servers: Record<string, Pick<Checkout, "remote">>,
        readonly urn = "urn:pulumi:test::p::isardvdi::a",
    ) {}

    get context(): Context {
        const open = ({ host }: ConnectionArgs) => {
            const server = this.servers[host];
            if (!server) throw new Error(`no route to ${host}`);
            return server.remote(`root@${host}:22`);
        };
        return {
            world: this.world,
            remotes: { open, close: () => Promise.resolve() },
            configuration: {
                server: () => undefined,
                connection: (host: string) => ({ host }),
                connectionNames: [],
                site: () => {
                    throw new Error("no sites here");
                },
                ssh: { knownHosts: [], privateKeys: [] },
            },
            sites: { open: () => Promise.reject(new Error("no sites here")), feed: () => Promise.resolve(undefined) },
        };
    }

    /** `pulumi up`: nothing is sent when nothing differs, as the engine does it. */
    async up(inputs: Values): Promise<"created" | "updated" | "same"> {
        const { lifecycle, definition } = this.resource;
        const values: Values = { ...inputs, __urn: this.urn };
        if (this.id === undefined || this.state === undefined) {
            const { id, state } = await this.kept(() => lifecycle.create(values, this.context));
            [this.id, this.state] = [id, plain(state)];
            return "created";
        }
        const differs = changes(definition, this.state, values).length > 0 || this.state["__amiss"] !== undefined;
        if (!differs) return "same";
        const [id, state] = [this.id, this.state];
        this.state = plain(await this.kept(() => lifecycle.update(id, state, values, this.context)));
        return "updated";
    }

    async refresh(): Promise<Values | undefined> {
        if (this.id === undefined || this.state === undefined) return undefined;
        const state = await this.resource.lifecycle.read(this.id, this.state, this.context);
        this.state = state && plain(state);
        if (!state) this.id = undefined;
        return this.state;
    }

    async destroy(): Promise<void> {
        if (this.id === undefined || this.state === undefined) return;
        await this.resource.lifecycle.delete(this.id, this.state, this.context);
        this.id = this.state = undefined;
    }

    /** The provider was killed before it could say anything. */
    forget(): void {
        this.id = this.state = undefined;
    }

    said(level: string): string[] {
        return this.world.lines.filter((line) => line.level === level).map(({ message }) => message);
    }

    private async kept<T>(work: () => Promise<T>): Promise<T> {
        try {
            return await work();
        } catch (error) {
            if (error instanceof PartialFailure) [this.id, this.state] = [error.id, plain(error.state)];
            throw error;
        }
    }
}

const plain = (values: Values): Values => JSON.parse(JSON.stringify(values)) as Values;
