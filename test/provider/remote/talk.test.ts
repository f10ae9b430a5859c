import { strict as assert } from "node:assert";
import { asking, closeAll, failureOf, remotesWith } from "./asking";
import { TestServer } from "./server";

describe("commands", function () {
    this.timeout(60_000);
    afterEach(closeAll);

    it("are given to no host that only talks, and what it says is neither kept nor told whole", async () => {
        let sent = 0;
        const talkative = await TestServer.start({
            onExec: (_command, channel) => {
                channel.on("error", () => undefined);
                const talk = (): void => {
                    if (channel.destroyed || !channel.writable) return;
                    sent += 4096;
                    channel.write("sudo. ".repeat(683).slice(0, 4096), talk);
                };
                talk();
            },
        });
        try {
            const remote = remotesWith().open({ ...talkative.connection, user: "admin", sudo: true });
            const { message } = await failureOf(remote.run("true", asking()), "unexpected-answer", /gives no shell/);
            assert.ok(message.length < 500, message);
            assert.ok(sent < 8 * 1024 * 1024, `${sent} bytes`);
        } finally {
            await talkative.stop();
        }
    });
});
