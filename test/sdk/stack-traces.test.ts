import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { PortForward } from "../../sdk";
import { plainStackTraces } from "../../sdk/stack-traces";

const args = { connection: "h1", protocol: "tcp", port: 2022, toAddress: "172.31.255.17" } as const;

describe("the stack traces of a program with our resources", () => {
    before(() => {
        pulumi.runtime.setAllConfig({});
        void pulumi.runtime.setMocks({
            newResource: ({ name, inputs }) => {
                if (name === "refused") throw new Error("refused by the engine");
                return { id: name, state: inputs as object };
            },
            call: () => ({}),
        });
    });

    it("are as before once a resource is made, or could not be", () => {
        const hooks = (): unknown[] => [Reflect.get(Error, "prepareStackTrace"), Error.stackTraceLimit];
        const before = hooks();
        new PortForward("made", args);
        assert.throws(
            () => new PortForward("", args),
            (error: Error) => /name/.test(error.message) && (error.stack ?? "").includes("stack-traces.test.ts"),
        );
        assert.deepEqual(hooks(), before);
    });

    it("name the place of a resource whose registration failed, by the source", async () => {
        const line = Number(/:(\d+):\d+\)?$/m.exec(new Error("here").stack ?? "")?.[1]) + 1;
        const refused = new PortForward("refused", args);
        const urn = (refused.urn as unknown as { promise: () => Promise<string> }).promise();
        const error = await urn.then(
            () => assert.fail("it was registered"),
            (each: unknown) => each as Error,
        );
        assert.match(error.stack ?? "", new RegExp(`stack-traces\\.test\\.ts:${line}:`));
    });

    it("are formatted by whoever formats them otherwise, where there is no limit", () => {
        const before = [Reflect.get(Error, "prepareStackTrace"), Error.stackTraceLimit] as const;
        Error.prepareStackTrace = () => "theirs";
        Error.stackTraceLimit = 10;
        const restore = plainStackTraces();
        try {
            assert.match(new Error("plain").stack ?? "", /^Error: plain\n {4}at .*stack-traces/);
            Error.stackTraceLimit = Infinity;
            assert.equal(new Error("place").stack, "theirs");
        } finally {
            restore();
            assert.equal(new Error("after").stack, "theirs");
            Reflect.set(Error, "prepareStackTrace", before[0]);
            Error.stackTraceLimit = before[1];
        }
    });
});
