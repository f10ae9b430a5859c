import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

interface Made {
    type: string;
    inputs: Record<string, unknown>;
}

/** What a program would make, by name; nothing is called. */
export class Engine {
    readonly made = new Map<string, Made>();
    /** What each function of a package yields, by its token. */
    readonly answers = new Map<string, () => object>();

    start(config: Record<string, string>): void {
        this.made.clear();
        pulumi.runtime.setAllConfig(config);
        void pulumi.runtime.setMocks({
            newResource: ({ name, type, inputs }) => {
                const { __provider: _provider, __urn: _urn, ...own } = inputs as Record<string, unknown>;
                this.made.set(name, { type, inputs: own });
                return { id: name, state: { ...(inputs as object), ...results(name, type) } };
            },
            call: ({ token }) => this.answers.get(token)?.() ?? {},
        });
    }

    get commands(): string[] {
        return [...this.made].filter(([, { type }]) => type === "command:remote:Command").map(([name]) => name);
    }

    inputs(name: string): Record<string, unknown> {
        return this.made.get(name)?.inputs ?? assert.fail(`${name} is not among ${[...this.made.keys()].join(", ")}`);
    }
}

/** What the world would say of each kind of resource. */
function results(name: string, type: string): object {
    if (type !== "command:remote:Command") return { status: "Online" };
    return { stdout: name.endsWith("-containers") ? "isard-hypervisor abc 172.31.255.17\n" : "c0ffee" };
}

/** The value of an output that is known. */
export const value = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));
