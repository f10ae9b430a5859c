import { askPulumi, plain, type Values } from "./pulumi";

/** A stack's configuration and the hypervisors of its state, as the pulumi command tells them. */
export interface Stack {
    get: (key: string) => unknown;
    hypervisor: (hyperId: string) => Values | undefined;
}

export async function readStack(name: string, cwd: string): Promise<Stack> {
    const ask = (...args: string[]): Promise<unknown> => askPulumi(name, cwd, ...args);
    const config = (await ask("config", "--show-secrets", "--json")) as Record<string, { value?: unknown } | undefined>;
    const state = (await ask("stack", "export", "--show-secrets")) as {
        deployment?: { resources?: { outputs?: Values }[] };
    };
    const outputs = (state.deployment?.resources ?? []).map((each) => plain(each.outputs ?? {}) as Values);
    return {
        get: (key) => config[key]?.value,
        hypervisor: (hyperId) => outputs.find((each) => each["hyperId"] === hyperId && "hostname" in each),
    };
}
