import type { Values } from "../resource";

/** What the stock Node dynamic provider calls; the olds of check, diff and update are outputs, not inputs. */
export interface DynamicProvider {
    configure(request: { config: { get(key: string): unknown } }): Promise<void>;
    check(olds: Values, news: Values): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }>;
    diff(
        id: string,
        olds: Values,
        news: Values,
    ): Promise<{ changes: boolean; replaces: string[]; deleteBeforeReplace: boolean }>;
    create(inputs: Values): Promise<{ id: string; outs: Values }>;
    read(id: string, state: Values): Promise<{ id: string; props: Values }>;
    update(id: string, olds: Values, news: Values): Promise<{ outs: Values }>;
    delete(id: string, state: Values): Promise<void>;
}

/** Protobuf's Struct knows no undefined: parts that are absent are left out. */
export const plainValues = (values: Values): Values => JSON.parse(JSON.stringify(values)) as Values;
