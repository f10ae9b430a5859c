import type { Declared } from "../lifecycle/declared";
import type { Case, Program } from "./recording";
import type { World } from "./worlds";

/** How a case comes about; what a later release needs of it is the case itself. */
export interface Recipe extends Case {
    name: string;
    /** What somebody else has done before. */
    prepare?: (world: World) => Promise<void>;
    /** Deployed first, where the recorded program is a change of it. */
    first?: Program;
    /** While the up runs. */
    meanwhile?: (world: World) => Promise<void> | void;
    /** Destroy leaves another world than before: what was somebody else's became ours, or is shared with others. */
    leaves?: boolean;
}

/** A resource of a program. */
export const resource = (type: Declared["type"], name: string, args: Declared["args"]): Declared => ({
    type,
    name,
    args,
    after: [],
});

/** A recipe of one resource, of which one property changes. */
export function single(
    name: string,
    world: Case["world"],
    [type, own, args]: [Declared["type"], string, Declared["args"]],
    [change, shows]: [Declared["args"], string],
    more: Partial<Recipe> = {},
): Recipe {
    return {
        name,
        world,
        stack: "dev",
        config: {},
        program: { resources: [resource(type, own, args)] },
        changed: { program: { resources: [resource(type, own, { ...args, ...change })] }, shows },
        isUnfinished: false,
        ...more,
    };
}
