import * as pulumi from "@pulumi/pulumi";
import { reference } from "./reference";
import { plainStackTraces } from "./stack-traces";

/** What a class of resources is beside its arguments. */
export interface Kind {
    provider: Parameters<typeof reference>[0];
    type: string;
    /** Every argument and result, which the engine fills in. */
    names: readonly string[];
    secrets: readonly string[];
}

/** What all resources of this package have in common. */
export abstract class Resource extends pulumi.CustomResource {
    protected constructor(
        { provider, type, names, secrets }: Kind,
        name: string,
        args: object,
        opts: pulumi.CustomResourceOptions | undefined,
    ) {
        const given = args as Record<string, unknown>;
        const inputs = {
            ...Object.fromEntries(names.map((each) => [each, undefined])),
            ...given,
            ...Object.fromEntries(
                secrets
                    .filter((each) => given[each] !== undefined)
                    // always, because a value that flips between secret and plain would be a change
                    .map((each) => [each, pulumi.secret(given[each])]),
            ),
            __provider: reference(provider),
            // lets the provider speak on this resource's own line; the engine tells it no URN
            __urn: withoutDependencies(pulumi.createUrn(name, type, opts?.parent)),
        };
        const own = {
            additionalSecretOutputs: [...secrets],
            // a forced replacement has the same name on the server: made first, the new one would be deleted
            deleteBeforeReplace: true,
        };
        const restore = plainStackTraces();
        try {
            super(type, name, inputs, pulumi.mergeOptions(own, opts));
        } finally {
            restore();
        }
    }
}

/** Whether an object is of a kind, even one of another copy of this package. */
export const isOfType = (object: unknown, type: string): boolean =>
    pulumi.CustomResource.isInstance(object) && (object as { __pulumiType?: string }).__pulumiType === type;

/** A value that depends on a component waits for all the component's children, so for the resource itself. */
function withoutDependencies(urn: pulumi.Output<string>): pulumi.Output<string> {
    return pulumi.output(new Promise<string>((resolve) => urn.apply(resolve)));
}
