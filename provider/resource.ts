import type * as zod from "zod";
import type { Configuration } from "./configuration";
import type { Remotes } from "./remote/remote";
import type { Sites } from "./sites";
import type { World } from "./world";

export type Zod = typeof zod.z;

/**
 * What a change of a property means: `replace` makes a new resource, `update` is sent to the server,
 * `state-only` touches no server and is kept so that refresh and destroy use today's value.
 */
export type ChangeKind = "replace" | "update" | "state-only";

/** One row of a resource's table: the schema, the checks, the diff, the SDK and the reference page follow from it. */
export interface Property {
    /** One sentence for the reference page and the SDK. */
    doc: string;
    /** A thunk, because zod is loaded only when something is checked. */
    schema: (z: Zod) => zod.ZodType;
    change: ChangeKind;
    required?: true;
    /** What is sent when the property is not set; never added to the inputs. */
    default?: unknown;
    /** How the default is worded where it is no constant. */
    defaultText?: string;
    /** Marked secret in the program, in the state and in every output. */
    secret?: true;
    /** Order and repetition mean nothing. */
    unordered?: true;
    /** Values with the same meaning are no change, however they are written. */
    meaning?: (value: unknown) => unknown;
    /** Every part counts: one that is taken out is a change as well. */
    exact?: true;
    /** An object whose parts each go back to a default of their own: those that the program set are remembered by path. */
    parted?: true;
    /** The server that gave this state keeps no such field: a change of it touches the state alone. */
    unkept?: (state: Values) => boolean;
    /** Taken out of the program, it is taken off the host: there is no default to go back to. */
    cleared?: true;
    /** The state has it whether or not the program sets it: the server says it, or its default stands there. */
    told?: true;
    unit?: string;
    /** Where the value lives in IsardVDI. */
    source?: string;
    /** Which call of the API an update makes. */
    request?: string;
    example?: string;
}

/** What a program gives, as the schemas of a table say it. */
export type InputsOf<P extends Record<string, Property>> = {
    [K in keyof P as P[K] extends { required: true } ? K : never]: zod.infer<ReturnType<P[K]["schema"]>>;
} & {
    [K in keyof P as P[K] extends { required: true } ? never : K]?: zod.infer<ReturnType<P[K]["schema"]>>;
};

export interface OutputProperty {
    doc: string;
    /** TypeScript type of the output. */
    type: string;
    source?: string;
}

export interface Definition {
    kind: string;
    doc: string;
    example: string;
    properties: Record<string, Property>;
    outputs: Record<string, OutputProperty>;
    /** What the reference page says of the inputs as a whole. */
    inputsText: string;
    deleteBeforeReplace?: true;
}

export type Values = Record<string, unknown>;

/** What a lifecycle is given beside its values. */
export interface Context {
    world: World;
    configuration: Configuration;
    sites: Sites;
    remotes: Remotes;
}

export interface CheckFailure {
    property: string;
    reason: string;
}

/** A state holds what the program may set as the server has it, beside outputs and what is hidden. */
export type Stored<Inputs extends Values> = Inputs & Values;

/** What a resource does, told apart from what it is; a front calls it and knows nothing else. */
export interface Lifecycle<Inputs extends Values = Values> {
    /** Checks that need more than one property; never the network. `state` is undefined before the first `up`. */
    validate(inputs: Inputs, context: Context, state?: Stored<Inputs>): CheckFailure[];
    /**
     * What follows from the inputs alone, added to them so that preview shows it; what is there now is said in
     * the log. `state` is undefined before the first `up`.
     */
    foresee?(inputs: Inputs, state: Stored<Inputs> | undefined, context: Context): Promise<Values>;
    create(inputs: Inputs, context: Context): Promise<{ id: string; state: Values }>;
    /** The state as the server tells it; undefined when the resource is gone. */
    read(id: string, state: Stored<Inputs>, context: Context): Promise<Values | undefined>;
    update(id: string, state: Stored<Inputs>, inputs: Inputs, context: Context): Promise<Values>;
    delete(id: string, state: Stored<Inputs>, context: Context): Promise<void>;
}

export interface Resource {
    definition: Definition;
    lifecycle: Lifecycle;
}

/** From here on only the table says what the inputs are: it has checked them before the lifecycle sees them. */
export function defineResource<Inputs extends Values>(definition: Definition, lifecycle: Lifecycle<Inputs>): Resource {
    return { definition, lifecycle };
}

/** Thrown when something exists already: the front keeps `state`, so that the next run continues from it. */
export class PartialFailure extends Error {
    constructor(
        readonly id: string,
        readonly state: Values,
        override readonly cause: Error,
    ) {
        super(cause.message, { cause });
        this.name = "PartialFailure";
    }
}

/** Names beginning with two underscores are ours: never shown, never compared. */
export const isHidden = (name: string): boolean => name.startsWith("__");
